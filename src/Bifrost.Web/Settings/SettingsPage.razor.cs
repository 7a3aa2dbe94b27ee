using System.Text.Json.Nodes;
using Bifrost.Web.Api;
using Bifrost.Web.Parts;
using Bifrost.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace Bifrost.Web.Settings;

/// <summary>How the gateway is set.</summary>
public sealed partial class SettingsPage : PageBase
{
    private JsonObject? _config;
    private string? _version;
    private string? _proxyVersion;
    private SettingsDraft? _draft;
    private Problem? _unread;
    private Problem? _problem;
    private IReadOnlyList<string> _warnings = [];
    private string? _leavingTo;
    private bool _asking;
    private bool _busy;
    private bool _leave;

    [SupplyParameterFromQuery]
    private string? Section { get; set; }

    private string Open => AllSettings.Sections.Any(s => s.Name == Section) ? Section! : AllSettings.Sections[0].Name;

    private int Changes => _leave ? 0 : _draft?.Changed.Count ?? 0;

    private bool IsKept => (bool?)_config?["is_db_connected"] ?? true;

    private bool Enabled => _draft?[Row("auth_config", "is_enabled")] == "true";

    private string Elsewhere =>
        string.Join(
            " and ",
            AllSettings.Sections.Where(s => s.Name != Open && _draft!.Changed.Any(c => c.Section == s.Name)).Select(s => s.Title)
        );

    // Mistakes that no field shows.
    private Problem? Unplaced =>
        _problem is null ? null
        : _problem.Mistakes.Count == 0 ? _problem
        : _problem.Mistakes.Where(m => !AllSettings.Rows.Any(m.IsIn) && m.Path != SettingsSection.AgainPath).ToList() is { Count: > 0 } left
            ? _problem with
            {
                Mistakes = left,
                Message = "Nothing was changed.",
            }
        : null;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        var read = await Api.GetAsync<JsonObject>("api/config", Closed);
        var proxy = await Api.GetAsync<JsonObject>("api/proxy-config", Closed);
        _unread = read.Problem;
        if (read.Value is { } config)
        {
            _config = config;
            _draft = SettingsDraft.Of(config);
            (_version, _proxyVersion) = (read.Version, proxy.Version);
        }
    }

    private async Task ReloadAsync()
    {
        _problem = null;
        await Js.InvokeVoidAsync("bifrost.forget", "settings");
        await ReadAsync();
    }

    private async Task InsistAsync()
    {
        await ReadUnderAsync(_draft!);
        await SaveAsync();
    }

    private int MistakesIn(string section) =>
        _problem?.Mistakes.Count(m => AllSettings.Rows.Any(r => r.Section == section && m.IsIn(r)))
            + (section == "security" && _problem?.Mistakes.Any(m => m.Path == SettingsSection.AgainPath) == true ? 1 : 0)
        ?? 0;

    // A change of the account signs everybody out: that is asked first.
    private Task AskAsync()
    {
        if (_busy || _draft is null || Changes == 0)
        {
            return Task.CompletedTask;
        }

        if (_draft[Row("auth_config", "admin_password")] != _draft.Again)
        {
            _problem = new Problem(400, "", [new Mistake(SettingsSection.AgainPath, "The two are not the same. Type the password again.")]);
            ShowMistakes();
            return Task.CompletedTask;
        }

        _asking = _draft.Json("auth_config") is not null && (Enabled || WasEnabled);
        return _asking ? Task.CompletedTask : SaveAsync();
    }

    private bool WasEnabled => (bool?)_config?["auth_config"]?["is_enabled"] == true;

    private async Task SaveAsync()
    {
        (_asking, _busy, _warnings) = (false, true, []);
        var draft = _draft!;
        var (client, auth, proxy) = (draft.Json("client_config"), draft.Json("auth_config"), draft.Json("proxy_config"));
        _problem = null;
        // The account last: once it has changed, nothing more can be saved before somebody signs in.
        if (proxy is not null)
        {
            var saved = await Api.PutAsync<JsonObject>("api/proxy-config", proxy, _proxyVersion);
            _problem = saved.Problem is { } problem ? SettingMistakes.OfProxy(problem) : null;
            Warn(saved.Value);
        }

        if (_problem is null && (client is not null || auth is not null))
        {
            var body = new JsonObject();
            if (client is not null)
            {
                body["client_config"] = client;
            }

            if (auth is not null)
            {
                body["auth_config"] = auth;
            }

            var saved = await PutConfigAsync(body, afterProxy: proxy is not null);
            _problem = saved.Problem;
            Warn(saved.Value);
            if (_problem is not null && proxy is not null)
            {
                // The proxy was taken and the rest was not.
                await ReadUnderAsync(draft, "proxy_config");
            }
        }

        _busy = false;
        if (_problem is not null)
        {
            ShowMistakes();
            return;
        }

        await Js.InvokeVoidAsync("bifrost.forget", "settings");
        if (auth is not null && Enabled)
        {
            _leave = true;
            StateHasChanged();
            await Task.Yield();
            Nav.NavigateTo($"login?return={Uri.EscapeDataString(Nav.ToBaseRelativePath(Nav.Uri))}", forceLoad: true);
            return;
        }

        await ReadAsync();
        Toasts.Show(new Toast("Saved. It is in force."));
    }

    // What was saved a moment ago made another version of the whole: it counts as seen if the rest is what it was.
    private async Task<Answer<JsonObject>> PutConfigAsync(JsonObject body, bool afterProxy)
    {
        if (afterProxy)
        {
            var now = await Api.GetAsync<JsonObject>("api/config", Closed);
            var isSame =
                JsonNode.DeepEquals(now.Value?["client_config"], _config?["client_config"])
                && JsonNode.DeepEquals(now.Value?["auth_config"], _config?["auth_config"]);
            _version = isSame ? now.Version : _version;
        }

        return await Api.PutAsync<JsonObject>("api/config", body, _version);
    }

    // What is in force is read anew, and what was typed stays.
    private async Task ReadUnderAsync(SettingsDraft typed, string? butNot = null)
    {
        await ReadAsync();
        _draft!.Take(typed, butNot);
    }

    private void ShowMistakes()
    {
        if (MistakesIn(Open) == 0 && AllSettings.Sections.FirstOrDefault(s => MistakesIn(s.Name) > 0).Name is { } first)
        {
            SetQuery(("section", first));
        }
    }

    private void Warn(JsonObject? answer) =>
        _warnings = [.. _warnings, .. (answer?["warnings"] as JsonArray ?? []).Select(w => w?.ToString() ?? "")];

    private async Task DiscardAsync()
    {
        _problem = null;
        _draft = SettingsDraft.Of(_config!);
        await Js.InvokeVoidAsync("bifrost.forget", "settings");
    }

    private void BeforeLeaving(LocationChangingContext leaving)
    {
        var path = Nav.ToAbsoluteUri(leaving.TargetLocation).AbsolutePath;
        if (Changes == 0 || path == Nav.ToAbsoluteUri("settings").AbsolutePath)
        {
            return;
        }

        leaving.PreventNavigation();
        _leavingTo = leaving.TargetLocation;
        StateHasChanged();
    }

    private async Task LeaveAsync(string to)
    {
        (_leavingTo, _leave) = (null, true);
        await Js.InvokeVoidAsync("bifrost.forget", "settings");
        Nav.NavigateTo(to);
    }

    private static Setting Row(string part, string name) => AllSettings.Rows.First(r => r.Part == part && r.Name == name);
}
