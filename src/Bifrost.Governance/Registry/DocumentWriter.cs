using System.Buffers;
using System.Text.Json;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Writes objects as the documents that are kept: names in snake_case, what is null left out, money in nanodollars. Not thread-safe.</summary>
internal sealed class DocumentWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public DocumentWriter() => _json = new Utf8JsonWriter(_buffer);

    public byte[] Write(GovernanceObject value)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("id"u8, value.Id);
        switch (value)
        {
            case VirtualKey key:
                Write(key);
                break;
            case Team team:
                _json.WriteString("name"u8, team.Name);
                Text("customer_id"u8, team.CustomerId);
                Text("business_unit_id"u8, team.BusinessUnitId);
                break;
            case BusinessUnit unit:
                _json.WriteString("name"u8, unit.Name);
                Text("customer_id"u8, unit.CustomerId);
                break;
            case Customer customer:
                _json.WriteString("name"u8, customer.Name);
                break;
            case User user:
                _json.WriteString("name"u8, user.Name);
                Text("email"u8, user.Email);
                break;
            case ModelLimit limit:
                _json.WriteString("model_name"u8, limit.ModelName);
                Text("provider"u8, limit.Provider);
                Text("user_id"u8, limit.UserId);
                break;
            case DimensionLimit limit:
                _json.WriteString("name"u8, limit.Name);
                _json.WriteString("header"u8, limit.Header);
                Text("value"u8, limit.Value);
                Text("virtual_key_id"u8, limit.VirtualKeyId);
                break;
        }

        if (value is LimitedObject limited)
        {
            Limits(limited.Budgets, limited.RateLimit);
        }

        _json.WriteString("created_at"u8, value.CreatedAt);
        _json.WriteString("updated_at"u8, value.UpdatedAt);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => _json.Dispose();

    private void Write(VirtualKey key)
    {
        _json.WriteString("name"u8, key.Name);
        Text("description"u8, key.Description);
        _json.WriteString("value_hash"u8, key.ValueHash);
        _json.WriteString("value_preview"u8, key.ValuePreview);
        Text("previous_value_hash"u8, key.PreviousValueHash);
        Time("previous_value_until"u8, key.PreviousValueUntil);
        _json.WriteBoolean("is_active"u8, key.IsActive);
        if (key.LogContent is { } logContent)
        {
            _json.WriteBoolean("log_content"u8, logContent);
        }

        Time("expires_at"u8, key.ExpiresAt);
        Words("tags"u8, key.Tags.Count == 0 ? null : key.Tags);
        Text("user_id"u8, key.UserId);
        Text("team_id"u8, key.TeamId);
        Text("customer_id"u8, key.CustomerId);
        if (key.ProviderConfigs is not { } configs)
        {
            return;
        }

        _json.WriteStartArray("provider_configs"u8);
        foreach (var config in configs)
        {
            _json.WriteStartObject();
            _json.WriteNumber("id"u8, config.Id);
            _json.WriteString("provider"u8, config.Provider);
            if (config.Weight is { } weight)
            {
                _json.WriteNumber("weight"u8, weight);
            }

            Words("allowed_models"u8, config.AllowedModels);
            Words("key_ids"u8, config.KeyIds);
            Limits(config.Budgets, config.RateLimit);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void Limits(IReadOnlyList<Budget> budgets, RateLimit? rate)
    {
        if (budgets.Count > 0)
        {
            _json.WriteStartArray("budgets"u8);
            foreach (var budget in budgets)
            {
                Write(budget);
            }

            _json.WriteEndArray();
        }

        if (rate is null)
        {
            return;
        }

        _json.WriteStartObject("rate_limit"u8);
        _json.WriteString("id"u8, rate.Id);
        Number("token_max_limit"u8, rate.TokenMaxLimit);
        Text("token_reset_duration"u8, rate.TokenResetDuration);
        Number("request_max_limit"u8, rate.RequestMaxLimit);
        Text("request_reset_duration"u8, rate.RequestResetDuration);
        Number("concurrent_max_limit"u8, rate.ConcurrentMaxLimit);
        _json.WriteString("anchor"u8, rate.Anchor);
        _json.WriteEndObject();
    }

    private void Write(Budget budget)
    {
        _json.WriteStartObject();
        _json.WriteString("id"u8, budget.Id);
        _json.WriteNumber("max_limit"u8, budget.MaxLimit);
        _json.WriteString("reset_duration"u8, budget.ResetDuration);
        _json.WriteBoolean("calendar_aligned"u8, budget.CalendarAligned);
        _json.WriteString("time_zone"u8, budget.TimeZone);
        _json.WriteNumber("quarter_start_month"u8, budget.QuarterStartMonth);
        _json.WriteString("enforcement"u8, budget.Enforcement == Enforcement.Hard ? "hard"u8 : "standard"u8);
        _json.WriteString("anchor"u8, budget.Anchor);
        if (budget.Override is { } more)
        {
            _json.WriteStartObject("override"u8);
            _json.WriteNumber("amount"u8, more.Amount);
            _json.WriteString("from"u8, more.From);
            if (more.Cycles is { } cycles)
            {
                _json.WriteNumber("cycles"u8, cycles);
            }

            _json.WriteEndObject();
        }

        _json.WriteNumber("usage_epoch"u8, budget.UsageEpoch);
        _json.WriteEndObject();
    }

    private void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    private void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    private void Time(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            _json.WriteString(name, time);
        }
    }

    private void Words(ReadOnlySpan<byte> name, IReadOnlyList<string>? words)
    {
        if (words is null)
        {
            return;
        }

        _json.WriteStartArray(name);
        foreach (var word in words)
        {
            _json.WriteStringValue(word);
        }

        _json.WriteEndArray();
    }
}
