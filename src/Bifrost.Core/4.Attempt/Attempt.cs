using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Attempt;

/// <summary>Room 4: try targets until one starts answering. Nothing has been sent to the caller yet, so anything may still be tried again.</summary>
public sealed class Attempt(HttpCarrier http, IReservations reservations)
{
    /// <summary>How long a stream may show nothing but its opening before we commit to it: until then a failure still becomes a plain
    /// error, after it the caller sees signs of life while a cold model boots.</summary>
    private static readonly TimeSpan PeekPatience = TimeSpan.FromSeconds(10);

    /// <summary>The first answer that starts, or the fault of the first target when none does.</summary>
    public ValueTask<Outcome<Answer>> RunAsync(Exchange exchange, IReadOnlyList<Target> route) =>
        // Nearly every route has one target; it needs no loop, nor the memory of one.
        route.Count == 1
            ? TryAsync(exchange, route[0])
            : RunAllAsync(exchange, route);

    private async ValueTask<Outcome<Answer>> RunAllAsync(Exchange exchange, IReadOnlyList<Target> route)
    {
        Fault? first = null;
        Target? refused = null;
        foreach (var target in route)
        {
            if (refused is not null && target.Provider == refused.Provider && target.Model == refused.Model)
            {
                // Another key is no other limit.
                continue;
            }

            var outcome = await TryAsync(exchange, target);
            if (outcome.Fault is not { } fault)
            {
                return outcome;
            }

            // The first failure is the one the caller asked to hear about; the rest are in the log.
            first ??= fault;
            refused = fault.Rule.Governs ? target : null;
            if (!MayFallBack(exchange, fault))
            {
                return fault.Kind == FaultKind.CallerLeft ? fault : first;
            }
        }

        return first!;
    }

    private async ValueTask<Outcome<Answer>> TryAsync(Exchange exchange, Target target)
    {
        exchange.Target = target;
        // What another target used was charged when it was let go.
        exchange.Usage = null;
        if (Reserve(exchange, target) is { } refused)
        {
            return refused;
        }

        // The answer may go on being read long after this room is left, so the deadline belongs to the exchange.
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.CallerLeft);
        exchange.Keep(deadline);
        exchange.Deadline = deadline;
        deadline.CancelAfter(target.Provider.Patience);
        try
        {
            for (var retry = 0; ; retry++)
            {
                var started = exchange.Clock.GetTimestamp();
                var outcome = await CarryAsync(exchange, target, deadline.Token);
                outcome = outcome.Value is StreamedAnswer stream ? await PeekAsync(stream, deadline.Token) : outcome;
                if (outcome.Fault is not { } fault)
                {
                    return outcome;
                }

                exchange.Record(
                    new AttemptRecord(target.Provider.Id, target.Model, target.Key.Name, fault.Kind, exchange.Clock.GetElapsedTime(started))
                );
                var wait = Backoff.Before(retry, fault.RetryAfter, target.Provider.Network);
                if (!fault.Rule.MayRetry || retry >= target.Provider.Network.MaxRetries || wait > Backoff.LongestWait)
                {
                    return Released(exchange, fault);
                }

                await Task.Delay(wait, exchange.Clock, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Released(exchange, Interrupted(exchange, target));
        }
    }

    /// <summary>Holds what the target may cost. Whatever comes of it, the reservation is ended once: released here, or settled with the exchange.</summary>
    private Fault? Reserve(Exchange exchange, Target target)
    {
        var outcome = reservations.Reserve(exchange, target);
        if (outcome.Failed(out var fault, out var reservation))
        {
            exchange.Record(
                new AttemptRecord(target.Provider.Id, target.Model, target.Key.Name, fault.Kind, TimeSpan.Zero) { Refused = true }
            );
            return fault;
        }

        exchange.Reservation = reservation;
        return null;
    }

    private static Fault Released(Exchange exchange, Fault fault)
    {
        exchange.Reservation.Release(exchange, fault);
        exchange.Reservation = Reservation.None;
        return fault;
    }

    private ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel) =>
        target.Offer is CarriedOffer carried
            ? carried.Carrier.CarryAsync(exchange, target, cancel)
            : http.CarryAsync(exchange, target, cancel);

    /// <summary>Hands a stream over only once something of substance arrived, so that failing at once is still an ordinary failure.</summary>
    private static async ValueTask<Outcome<Answer>> PeekAsync(StreamedAnswer stream, CancellationToken cancel)
    {
        var handedOver = false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(PeekPatience);
        try
        {
            while (await stream.WaitAsync(patience.Token) && stream.IsOpening)
            {
                stream.Hold();
            }

            if (stream.Failure is { } failure)
            {
                return failure;
            }

            handedOver = true;
            return stream;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            handedOver = true;
            return stream;
        }
        finally
        {
            if (!handedOver)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private static bool MayFallBack(Exchange exchange, Fault fault) =>
        fault.Rule.MayFallBack
        || (fault.Kind is FaultKind.NotFound or FaultKind.UpstreamRejected && fault.Status == 404 && exchange.PathId is not null);

    private static Fault Interrupted(Exchange exchange, Target target) =>
        exchange.CallerLeft.IsCancellationRequested
            ? new Fault(FaultKind.CallerLeft, "The caller closed the connection before the answer was complete.")
            : new Fault(
                FaultKind.Timeout,
                $"{target.Provider.Id} did not answer within {target.Provider.Patience.TotalSeconds:0} s (`network_config.default_request_timeout_in_seconds`)."
            );
}
