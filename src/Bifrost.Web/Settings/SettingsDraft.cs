using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Web.Settings;

/// <summary>Settings as they are, and as they are to be.</summary>
public sealed class SettingsDraft
{
    private readonly Dictionary<Setting, string> _before = [];
    private readonly Dictionary<Setting, string> _now = [];

    /// <summary>The password a second time.</summary>
    public string Again { get; set; } = "";

    /// <summary>What was changed and is not saved.</summary>
    public IReadOnlyList<Setting> Changed => [.. AllSettings.Rows.Where(IsChanged)];

    /// <summary>A setting's text: <c>true</c> or <c>false</c>, a number, a text, or lines.</summary>
    public string this[Setting setting]
    {
        get => _now[setting];
        set => _now[setting] = value;
    }

    /// <summary>As the API shows them.</summary>
    public static SettingsDraft Of(JsonObject config)
    {
        var draft = new SettingsDraft();
        foreach (var setting in AllSettings.Rows)
        {
            draft._before[setting] = draft._now[setting] = Read(setting, config[setting.Part]?[setting.Name]);
        }

        return draft;
    }

    /// <summary>Whether it differs from what is in force.</summary>
    public bool IsChanged(Setting setting) => _now[setting].Trim() != _before[setting].Trim();

    /// <summary>What was typed comes back onto what somebody else has read anew.</summary>
    public void Take(SettingsDraft other, string? butNot = null)
    {
        foreach (var setting in other.Changed.Where(s => s.Part != butNot))
        {
            _now[setting] = other._now[setting];
        }

        Again = other.Again;
    }

    /// <summary>Only what was changed of a part; null when nothing was.</summary>
    public JsonObject? Json(string part)
    {
        var changed = Changed.Where(s => s.Part == part).ToList();
        return changed.Count == 0 ? null : new JsonObject(changed.Select(s => KeyValuePair.Create(s.Name, Written(s, _now[s].Trim()))));
    }

    private static string Read(Setting setting, JsonNode? value) =>
        setting.Kind switch
        {
            SettingKind.Secret => "",
            SettingKind.Flag => Word(value is null ? setting.IsUsuallyOn : value.GetValue<bool>()),
            SettingKind.NotFlag => Word(value is null ? setting.IsUsuallyOn : !value.GetValue<bool>()),
            SettingKind.Lines => string.Join('\n', (value as JsonArray ?? []).Select(v => v?.ToString())),
            SettingKind.Choice => value?.ToString() ?? setting.Choices[0].Value,
            _ => value?.ToString() ?? "",
        };

    private static JsonNode? Written(Setting setting, string text) =>
        setting.Kind switch
        {
            SettingKind.Flag => text == "true",
            SettingKind.NotFlag => text != "true",
            SettingKind.Lines => JsonSerializer.SerializeToNode(
                text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ),
            SettingKind.Whole when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
            _ => text.Length == 0 ? null : text,
        };

    private static string Word(bool value) => value ? "true" : "false";
}
