using Bifrost.Admin.Bodies;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;

namespace Bifrost.Admin.Governance;

/// <summary>Takes limits out of a body and lays them over those that are set. What the limits themselves must be like, the registry checks.</summary>
internal sealed class LimitReading(DateTimeOffset now, List<Mistake> mistakes)
{
    public DateTimeOffset Now => now;

    public List<Mistake> Mistakes => mistakes;

    public IReadOnlyList<Budget> Budgets(Body body, IReadOnlyList<Budget> current)
    {
        var budgets = Changed(body, current);
        return body.Flag("reset_budget_usage").Value is true ? [.. budgets.Select(b => b with { UsageEpoch = b.UsageEpoch + 1 })] : budgets;
    }

    public RateLimit? RateLimit(Body body, RateLimit? current)
    {
        var given = body.Object("rate_limit");
        if (!given.IsGiven)
        {
            return current;
        }

        if (given.Value is not { IsEmpty: false } rate)
        {
            return null;
        }

        var next = (current ?? new RateLimit { Id = NewId(), Anchor = now }) with
        {
            TokenMaxLimit = rate.Whole("token_max_limit").Or(current?.TokenMaxLimit),
            TokenResetDuration = rate.Text("token_reset_duration").Or(current?.TokenResetDuration),
            RequestMaxLimit = rate.Whole("request_max_limit").Or(current?.RequestMaxLimit),
            RequestResetDuration = rate.Text("request_reset_duration").Or(current?.RequestResetDuration),
            ConcurrentMaxLimit = rate.Whole("concurrent_max_limit").Or(current?.ConcurrentMaxLimit),
        };
        return
            next
                is {
                    TokenMaxLimit: null,
                    TokenResetDuration: null,
                    RequestMaxLimit: null,
                    RequestResetDuration: null,
                    ConcurrentMaxLimit: null
                }
            ? null
            : next;
    }

    private IReadOnlyList<Budget> Changed(Body body, IReadOnlyList<Budget> current)
    {
        var one = body.Object("budget");
        var many = body.Objects("budgets");
        if (one.IsGiven && many.IsGiven)
        {
            mistakes.Add(new Mistake(body.At("budget"), "stands beside budgets. Keep one of the two."));
            return current;
        }

        if (many.IsGiven)
        {
            return Several(many.Value ?? [], current);
        }

        if (!one.IsGiven)
        {
            return current;
        }

        if (one.Value is not { IsEmpty: false } budget)
        {
            return [];
        }

        if (current.Count > 1)
        {
            mistakes.Add(new Mistake(body.At("budget"), $"There are {current.Count} budgets. Say in budgets what is to become of each."));
            return current;
        }

        return [Merged(budget, current.Count == 1 ? current[0] : null)];
    }

    private List<Budget> Several(IReadOnlyList<Body> bodies, IReadOnlyList<Budget> current)
    {
        var next = new List<Budget>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var body in bodies)
        {
            var before = Meant(body, current);
            if (before is not null && !taken.Add(before.Id))
            {
                mistakes.Add(new Mistake(body.Path, "is the same budget as one before it."));
            }
            else
            {
                next.Add(Merged(body, before));
            }
        }

        return next;
    }

    private Budget? Meant(Body body, IReadOnlyList<Budget> current)
    {
        if (body.Text("id").Value is not { } id)
        {
            return current.FirstOrDefault(b => b.ResetDuration == body.Text("reset_duration").Value);
        }

        var found = current.FirstOrDefault(b => b.Id == id);
        if (found is null)
        {
            mistakes.Add(new Mistake(body.At("id"), "There is no such budget here. Leave the id out to add one."));
        }

        return found;
    }

    private Budget Merged(Body body, Budget? current)
    {
        if (current is null)
        {
            Require(body, "max_limit", body.Dollars("max_limit").IsGiven);
            Require(body, "reset_duration", body.Text("reset_duration").IsGiven);
        }

        var month = body.Object("reset_config").Value?.Whole("quarter_start_month").Value ?? body.Whole("quarter_start_month").Value;
        return new Budget
        {
            Id = current?.Id ?? NewId(),
            MaxLimit = body.Dollars("max_limit").Value ?? current?.MaxLimit ?? 0,
            ResetDuration = body.Text("reset_duration").Value ?? current?.ResetDuration ?? "",
            CalendarAligned = body.Flag("calendar_aligned").Value ?? current?.CalendarAligned ?? false,
            TimeZone = body.Text("time_zone").Value ?? current?.TimeZone ?? "UTC",
            QuarterStartMonth = (int?)month ?? current?.QuarterStartMonth ?? 1,
            Enforcement = body.Text("enforcement").Value switch
            {
                "hard" => Enforcement.Hard,
                "standard" => Enforcement.Standard,
                _ => current?.Enforcement ?? Enforcement.Standard,
            },
            Anchor = current?.Anchor ?? now,
            Override = current?.Override,
            UsageEpoch = current?.UsageEpoch ?? 0,
        };
    }

    private void Require(Body body, string name, bool given)
    {
        if (!given)
        {
            mistakes.Add(new Mistake(body.At(name), "is missing."));
        }
    }

    private static string NewId() => Guid.NewGuid().ToString();
}
