using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core;

/// <summary>The whole life of one request, top to bottom. If a step is not here, it does not happen.</summary>
public sealed class Corridor(
    Accept.Accept accept,
    Admit.Admit admit,
    Plan.PlanRoute plan,
    Attempt.Attempt attempt,
    Deliver.Deliver deliver,
    Settle.Settle settle
)
{
    /// <summary>Whether a path is the corridor's to answer, if only with a 404.</summary>
    public static bool Owns(PathString path) => Accept.Doorway.Owns(path.Value ?? "");

    public async Task WalkAsync(HttpContext http)
    {
        // 1 Accept: which dialect and operation, the body's envelope, one snapshot of the world.
        var exchange = await accept.OpenAsync(http);
        try
        {
            if (exchange.Fault is { } unreadable)
            {
                await deliver.RefuseAsync(exchange, unreadable);
                return;
            }

            // 2 Admit: may this caller ask this? Checks run cheapest first.
            if (admit.Review(exchange) is { } refused)
            {
                await deliver.RefuseAsync(exchange, refused);
                return;
            }

            if (exchange.Operation is Operation.ModelList or Operation.ModelGet)
            {
                await deliver.ModelsAsync(exchange);
                return;
            }

            // 3 Plan: an ordered list of targets, and for each the lane its bytes will take.
            if (plan.Choose(exchange).Failed(out var nowhere, out var route))
            {
                await deliver.RefuseAsync(exchange, nowhere);
                return;
            }

            // 4 Attempt: try targets until one starts answering. Nothing has been sent to the caller yet.
            var attempted = await attempt.RunAsync(exchange, route);
            if (attempted.Failed(out var failed, out var answer))
            {
                await deliver.RefuseAsync(exchange, failed);
                return;
            }

            // 5 Deliver: from the first byte on there is no going back.
            await using (answer)
            {
                await deliver.SendAsync(exchange, answer);
            }
        }
        catch (Exception bug) when (!exchange.CallerLeft.IsCancellationRequested)
        {
            await deliver.RefuseAsync(
                exchange,
                new Fault(
                    FaultKind.GatewayBug,
                    $"The gateway failed on this request. Tell the operator the request id {exchange.RequestId}."
                )
                {
                    Cause = bug,
                }
            );
        }
        catch (OperationCanceledException)
        {
            exchange.Fault ??= new Fault(FaultKind.CallerLeft, "The caller closed the connection before the answer was complete.");
        }
        finally
        {
            // 6 Settle: usage, log record, buffers. Always, and never in the caller's way.
            settle.Close(exchange);
        }
    }
}
