namespace Bifrost.Observability.Tests.Redaction;

/// <summary>Texts with a secret in them. What must not be seen afterwards is the part in the middle that is nowhere else.</summary>
internal sealed record ASecret(string Before, string Hidden, string After = "")
{
    public string Text => Before + Hidden + After;

    /// <summary>Each as people, programs and providers write it.</summary>
    public static IReadOnlyList<ASecret> All { get; } =
    [
        new("sk-", "Zq7wX3kLm9TbV2nR5yHd"),
        new("sk-proj-", "Zq7wX3kLm9TbV2nR5yHd_a-bC"),
        new("sk-ant-api03-", "Zq7wX3kLm9TbV2nR5yHd"),
        new("sk-bf-", "7f3a91c2-55d0-4be1-9c1e-0a8d6e4f2b77"),
        new("sk_live_", "Zq7wX3kLm9TbV2nR5yHd"),
        new("r8_", "Zq7wX3kLm9TbV2nR5yHdGfJs1pQcUe6A"),
        new("Bearer ", "Zq7wX3kLm9TbV2nR5yHd.opaque~value/1+2="),
        new("bearer ", "Zq7wX3kLm9TbV2nR5yHd"),
        new("Authorization: Basic ", "WnE3d1gzOmtMbTlUYlYyblI="),
        new("AKIA", "Q7WX3KLM9TBV2NR5"),
        new("aws_secret_access_key = ", "Zq7wX3kLm9/TbV2nR5yHdGfJs+1pQcUe6A8iOzXwE"),
        new("eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJacTd3WDNrTG05In0.TbV2nR5yHdGfJs1pQcUe6A"),
        new("-----BEGIN RSA PRIVATE KEY-----\n", "MIIEowIBAAKCAQEAZq7wX3kLm9\nTbV2nR5yHdGfJs1pQcUe6A", "\n-----END RSA PRIVATE KEY-----"),
        new("-----BEGIN PRIVATE KEY-----\n", "MIIEvZq7wX3kLm9TbV2nR5yHd", "\n-----END PRIVATE KEY-----"),
        new("ghp_", "Zq7wX3kLm9TbV2nR5yHdGfJs1pQcUe6A8iOz"),
        new("github_pat_", "Zq7wX3kLm9TbV2nR5yHd_GfJs1pQcUe6A8iOz"),
        new("glpat-", "Zq7wX3kLm9TbV2nR5yHd"),
        new("xoxb-", "19283746-Zq7wX3kLm9TbV2nR5yHd"),
        new("AIza", "SyZq7wX3kLm9TbV2nR5yHdGfJs1pQcUe6A8"),
        new("hf_", "Zq7wX3kLm9TbV2nR5yHdGfJs1pQcUe6A8i"),
        new("password=", "Zq7wX3kLm9Tb"),
        new("the password: ", "Zq7wX3kLm9Tb"),
        new("x-api-key: ", "Zq7wX3kLm9Tb"),
        new("access_token=", "Zq7wX3kLm9Tb", "&expires=1"),
        new("client_secret: \"", "Zq7w X3kL m9Tb", "\""),
        new("Set-Cookie: sid=", "Zq7wX3kLm9Tb", "; Path=/"),
        new("postgres://app:", "Zq7wX3kLm9Tb", "@db.internal:5432/x"),
        new("https://app:", "Zq7w@X3kLm9Tb", "@host/"),
        new("https://", "Zq7wX3kLm9TbV2nR5yHd", "@git.example.com/a/b"),
        new("https://maps.example.com/v1?q=1&key=", "Zq7wX3kLm9Tb", "&z=2"),
        new("https://blob.example.com/c?sv=2024&sig=", "Zq7wX3kLm9Tb%2Bx"),
        new("https://s3.example.com/o?X-Amz-Signature=", "Zq7wX3kLm9Tb"),
    ];

    /// <summary>Whether any four characters in a row of it can be seen.</summary>
    public bool IsSeenIn(string text) =>
        Enumerable
            .Range(0, Hidden.Length - 3)
            .Select(at => Hidden.Substring(at, 4))
            .Any(part => text.Contains(part, StringComparison.Ordinal));

    public override string ToString() => Before.Trim();
}
