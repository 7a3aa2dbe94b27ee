using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Admit;

/// <summary>Who is asking? Reads the headers that may carry a virtual key or a provider's key, in the published order; the first virtual key and
/// the first other value count.</summary>
public sealed class CredentialCheck(ICallers callers) : IAdmissionCheck
{
    /// <summary>What every virtual key begins with, in any case.</summary>
    internal const string VirtualKeyPrefix = "sk-bf-";

    public Fault? Refusal(Exchange exchange)
    {
        var headers = exchange.Http.Request.Headers;
        string? presented = null;
        // In its own header any value is meant for one, and a mistyped key must not pass for none.
        var virtualKey = headers.TryGetValue("x-bf-vk", out var named) && named.ToString() is { Length: > 0 } own ? own : null;
        Look(Bearer(headers.Authorization.ToString()), ref virtualKey, ref presented);
        Look(headers["x-api-key"].ToString(), ref virtualKey, ref presented);
        Look(headers["x-goog-api-key"].ToString(), ref virtualKey, ref presented);

        if (virtualKey is not null || exchange.World.Client.EnforceAuthOnInference)
        {
            if (Identify(exchange, virtualKey) is { } refused)
            {
                return refused;
            }
        }

        exchange.Presented = exchange.World.AllowsDirectKeys ? presented : null;
        exchange.Strict = headers.TryGetValue("x-bf-strict", out var strict)
            ? string.Equals(strict.ToString(), "true", StringComparison.OrdinalIgnoreCase)
            : exchange.World.Client.StrictParameters;
        return null;
    }

    private Fault? Identify(Exchange exchange, string? virtualKey)
    {
        var now = exchange.Clock.GetUtcNow();
        exchange.Caller = virtualKey is null ? null : callers.Find(virtualKey, now);
        if (exchange.Caller is { } caller)
        {
            return caller.Refusal(now);
        }

        return exchange.World.Client.EnforceAuthOnInference
            ? new Fault(
                FaultKind.VirtualKeyRequired,
                virtualKey is null
                    ? "A virtual key is required. Send it in the header `x-bf-vk` or as `Authorization: Bearer sk-bf-…`."
                    : "A virtual key is required, and the one that was sent is not known here. Send a valid one in the header `x-bf-vk` or as `Authorization: Bearer sk-bf-…`."
            )
            : new Fault(
                FaultKind.VirtualKeyNotFound,
                "The virtual key that was sent is not known here. Send a valid one, or none at all if this gateway serves without."
            );
    }

    private static void Look(string value, ref string? virtualKey, ref string? presented)
    {
        if (value.Length == 0)
        {
            return;
        }

        if (value.StartsWith(VirtualKeyPrefix, StringComparison.OrdinalIgnoreCase))
        {
            virtualKey ??= value;
        }
        else if (!value.Contains(VirtualKeyPrefix, StringComparison.OrdinalIgnoreCase))
        {
            presented ??= value;
        }
    }

    // Another scheme (Basic, as the management API takes it) is no key of any provider and must not travel on as one.
    private static string Bearer(string value)
    {
        const string scheme = "Bearer ";
        return value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].Trim()
            : value.Contains(' ') ? ""
            : value;
    }
}
