using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Ledger;

namespace Bifrost.Governance.Registry;

/// <summary>The few ways in which one caller calls one model: by operation, by provider key. A field of the chain, never a copy. Lock-free: threads that
/// miss at once make the same template twice, and one of them is kept.</summary>
internal struct CallTemplates
{
    private const int Room = 8;

    private CallTemplate[]? _templates;

    public readonly void Prefetch() => Limits.Prefetch.Of(_templates);

    public CallTemplate For(Exchange exchange, Target target, LimitChain chain)
    {
        var operation = exchange.Operation.Word();
        var known = Volatile.Read(ref _templates) ?? [];
        foreach (var template in known)
        {
            var call = template.Call;
            // The models are those of the chain.
            if (ReferenceEquals(call.Operation, operation) && call.ProviderKey == target.Key.Name)
            {
                return template;
            }
        }

        var made = new CallTemplate(
            new CallRecord
            {
                RequestId = "",
                At = default,
                Operation = operation,
                Provider = target.Provider.Id,
                ProviderKey = target.Key.Name,
                AskedModel = exchange.AskedModel,
                SentModel = target.Model,
                VirtualKeyId = chain.Owners.VirtualKeyId,
                TeamId = chain.Owners.TeamId,
                BusinessUnitId = chain.Owners.BusinessUnitId,
                CustomerId = chain.Owners.CustomerId,
                UserId = chain.Owners.UserId,
                Dimensions = chain.Dimensions,
            }
        );
        var kept = known.Length < Room ? known : known[1..];
        Volatile.Write(ref _templates, [.. kept, made]);
        return made;
    }
}
