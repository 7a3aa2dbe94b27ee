using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Admit;

/// <summary>Are the headers there that the operator requires (<c>client.required_headers</c>)?</summary>
public sealed class RequiredHeadersCheck : IAdmissionCheck
{
    public Fault? Refusal(Exchange exchange)
    {
        var required = exchange.World.Client.RequiredHeaders;
        if (required.Count == 0)
        {
            return null;
        }

        List<string>? missing = null;
        foreach (var name in required)
        {
            if (exchange.Http.Request.Headers[name].ToString().Length == 0)
            {
                (missing ??= []).Add(name);
            }
        }

        return missing is null ? null : new Fault(FaultKind.MissingHeaders, $"Required headers are missing: {string.Join(", ", missing)}.");
    }
}
