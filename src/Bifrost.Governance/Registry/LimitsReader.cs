using System.Text.Json;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Reads the budgets and rate limits within a document.</summary>
internal sealed class LimitsReader(WordPool pool, JsonWalk walk)
{
    private readonly List<Budget> _found = [];

    public Budget[] Budgets(ref Utf8JsonReader json)
    {
        _found.Clear();
        while (JsonWalk.NextItem(ref json))
        {
            var (id, duration, zone) = ((string?)null, (string?)null, "UTC");
            var (limit, anchor, aligned, quarter, epoch) = ((long?)null, default(DateTimeOffset), false, 1, 0);
            var enforcement = Enforcement.Standard;
            BudgetOverride? more = null;
            while (JsonWalk.Next(ref json))
            {
                if (JsonWalk.Is(ref json, "id"u8))
                {
                    id = json.GetString();
                }
                else if (JsonWalk.Is(ref json, "max_limit"u8))
                {
                    limit = json.GetInt64();
                }
                else if (JsonWalk.Is(ref json, "reset_duration"u8))
                {
                    duration = pool.Word(ref json);
                }
                else if (JsonWalk.Is(ref json, "calendar_aligned"u8))
                {
                    aligned = json.GetBoolean();
                }
                else if (JsonWalk.Is(ref json, "time_zone"u8))
                {
                    zone = pool.Word(ref json);
                }
                else if (JsonWalk.Is(ref json, "quarter_start_month"u8))
                {
                    quarter = json.GetInt32();
                }
                else if (JsonWalk.Is(ref json, "enforcement"u8))
                {
                    enforcement = pool.Word(ref json) == "hard" ? Enforcement.Hard : Enforcement.Standard;
                }
                else if (JsonWalk.Is(ref json, "anchor"u8))
                {
                    anchor = json.GetDateTimeOffset();
                }
                else if (JsonWalk.Is(ref json, "override"u8))
                {
                    more = Override(ref json);
                }
                else if (JsonWalk.Is(ref json, "usage_epoch"u8))
                {
                    epoch = json.GetInt32();
                }
                else
                {
                    walk.Skip(ref json, "budgets.");
                }
            }

            _found.Add(
                new Budget
                {
                    Id = JsonWalk.Needed(id, "budgets.id"),
                    MaxLimit = limit ?? throw JsonWalk.Missing("budgets.max_limit"),
                    ResetDuration = JsonWalk.Needed(duration, "budgets.reset_duration"),
                    CalendarAligned = aligned,
                    TimeZone = zone,
                    QuarterStartMonth = quarter,
                    Enforcement = enforcement,
                    Anchor = anchor,
                    Override = more,
                    UsageEpoch = epoch,
                }
            );
        }

        return [.. _found];
    }

    private BudgetOverride Override(ref Utf8JsonReader json)
    {
        var (amount, from, cycles) = ((long?)null, default(DateTimeOffset), (int?)null);
        while (JsonWalk.Next(ref json))
        {
            if (JsonWalk.Is(ref json, "amount"u8))
            {
                amount = json.GetInt64();
            }
            else if (JsonWalk.Is(ref json, "from"u8))
            {
                from = json.GetDateTimeOffset();
            }
            else if (JsonWalk.Is(ref json, "cycles"u8))
            {
                cycles = json.GetInt32();
            }
            else
            {
                walk.Skip(ref json, "budgets.override.");
            }
        }

        return new BudgetOverride(amount ?? throw JsonWalk.Missing("budgets.override.amount"), from, cycles);
    }

    public RateLimit RateLimit(ref Utf8JsonReader json)
    {
        var (id, anchor) = ((string?)null, default(DateTimeOffset));
        var (tokens, requests, concurrent) = ((long?)null, (long?)null, (long?)null);
        var (tokenReset, requestReset) = ((string?)null, (string?)null);
        while (JsonWalk.Next(ref json))
        {
            if (JsonWalk.Is(ref json, "id"u8))
            {
                id = json.GetString();
            }
            else if (JsonWalk.Is(ref json, "token_max_limit"u8))
            {
                tokens = json.GetInt64();
            }
            else if (JsonWalk.Is(ref json, "token_reset_duration"u8))
            {
                tokenReset = pool.Word(ref json);
            }
            else if (JsonWalk.Is(ref json, "request_max_limit"u8))
            {
                requests = json.GetInt64();
            }
            else if (JsonWalk.Is(ref json, "request_reset_duration"u8))
            {
                requestReset = pool.Word(ref json);
            }
            else if (JsonWalk.Is(ref json, "concurrent_max_limit"u8))
            {
                concurrent = json.GetInt64();
            }
            else if (JsonWalk.Is(ref json, "anchor"u8))
            {
                anchor = json.GetDateTimeOffset();
            }
            else
            {
                walk.Skip(ref json, "rate_limit.");
            }
        }

        return new RateLimit
        {
            Id = JsonWalk.Needed(id, "rate_limit.id"),
            TokenMaxLimit = tokens,
            TokenResetDuration = tokenReset,
            RequestMaxLimit = requests,
            RequestResetDuration = requestReset,
            ConcurrentMaxLimit = concurrent,
            Anchor = anchor,
        };
    }
}
