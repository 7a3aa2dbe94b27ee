using System.Text.Json.Nodes;

namespace Bifrost.Web.Governance;

/// <summary>Something of a kind as somebody types it.</summary>
public sealed class KindDraft
{
    private readonly Dictionary<string, string> _values = [];

    public LimitDraft Limits { get; private init; } = new();

    public string this[string field]
    {
        get => _values.GetValueOrDefault(field, "");
        set => _values[field] = value;
    }

    public static KindDraft Of(Kind kind, Limited value)
    {
        var draft = new KindDraft { Limits = LimitDraft.Of(value.Budgets, value.RateLimit) };
        foreach (var asked in kind.Asked)
        {
            draft[asked.Name] = value[asked.Name] ?? "";
        }

        return draft;
    }

    /// <summary>All of it: null takes away what was there.</summary>
    public JsonObject Json(Kind kind)
    {
        var json = new JsonObject();
        foreach (var asked in kind.IsSetByName ? [] : kind.Asked)
        {
            var text = this[asked.Name].Trim();
            json[asked.Name] = text.Length > 0 || asked.IsRequired ? text : null;
        }

        Limits.Write(json);
        return json;
    }
}
