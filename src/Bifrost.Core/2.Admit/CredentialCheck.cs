using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Admit;

/// <summary>Who is asking? Reads the four headers that may carry a virtual key or a provider's key, in the published order.</summary>
public sealed class CredentialCheck : IAdmissionCheck
{
    private const string VirtualKeyPrefix = "sk-bf-";

    public Fault? Refusal(Exchange exchange)
    {
        var headers = exchange.Http.Request.Headers;
        string? presented = null;
        var virtualKey = headers.TryGetValue("x-bf-vk", out var named) && named.Count > 0;
        Look(Bearer(headers.Authorization.ToString()), ref virtualKey, ref presented);
        Look(headers["x-api-key"].ToString(), ref virtualKey, ref presented);
        Look(headers["x-goog-api-key"].ToString(), ref virtualKey, ref presented);

        if (virtualKey)
        {
            return new Fault(
                FaultKind.InvalidCredential,
                "Virtual keys (sk-bf-…) are not available in this version of Bifrost. Call without one, or with a provider's own key."
            )
            {
                Code = "virtual_keys_unavailable",
            };
        }

        if (exchange.World.Client.EnforceAuthOnInference)
        {
            return new Fault(
                FaultKind.MissingCredential,
                "This gateway requires a virtual key (`client.enforce_auth_on_inference`), and virtual keys are not available in this version of Bifrost."
            );
        }

        exchange.Presented = exchange.World.AllowsDirectKeys ? presented : null;
        exchange.Strict = headers.TryGetValue("x-bf-strict", out var strict)
            ? string.Equals(strict.ToString(), "true", StringComparison.OrdinalIgnoreCase)
            : exchange.World.Client.StrictParameters;
        return null;
    }

    private static void Look(string value, ref bool virtualKey, ref string? presented)
    {
        if (value.Length == 0)
        {
            return;
        }

        if (value.StartsWith(VirtualKeyPrefix, StringComparison.OrdinalIgnoreCase))
        {
            virtualKey = true;
            return;
        }

        presented ??= value;
    }

    private static string Bearer(string value)
    {
        const string scheme = "Bearer ";
        return value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].Trim() : value;
    }
}
