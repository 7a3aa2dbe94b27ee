using System.Text;

namespace Bifrost.Observability.Redaction;

/// <summary>Names of fields and headers whose values are secrets, whatever they look like: a known name, or one that ends in it
/// (<c>github_token</c>, <c>X-Api-Key</c>, <c>clientSecret</c>).</summary>
internal sealed class SecretNames
{
    private static readonly string[] Known =
    [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "api_key",
        "apikey",
        "access_key",
        "secret_key",
        "private_key",
        "account_key",
        "encryption_key",
        "authorization",
        "token",
        "credential",
        "credentials",
        "cookie",
        "x_bf_vk",
        "aws_secret_access_key",
    ];

    private readonly HashSet<string> _names = new(Known, StringComparer.Ordinal);

    public SecretNames(IReadOnlyList<string> more)
    {
        foreach (var name in more)
        {
            _names.Add(Plain(name));
        }
    }

    public bool Contains(string name)
    {
        var plain = Plain(name);
        if (_names.Contains(plain))
        {
            return true;
        }

        for (var at = plain.IndexOf('_', StringComparison.Ordinal); at >= 0; at = plain.IndexOf('_', at + 1))
        {
            if (_names.Contains(plain[(at + 1)..]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>apiKey, API-Key and api_key are one name.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length + 4);
        var wasLower = false;
        foreach (var c in name)
        {
            if (c is '-' or ' ' or '.' or '_')
            {
                plain.Append('_');
                wasLower = false;
                continue;
            }

            if (char.IsUpper(c) && wasLower)
            {
                plain.Append('_');
            }

            plain.Append(char.ToLowerInvariant(c));
            wasLower = !char.IsUpper(c);
        }

        return plain.ToString();
    }
}
