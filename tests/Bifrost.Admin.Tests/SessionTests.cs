using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Admin.Sessions;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        await using var admin = await AnAdmin.StartAsync(account: true);
        var answer = await LoginAsync(admin, AnAdmin.User, AnAdmin.Password);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=2592000", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_secure_and_so_is_the_site()
    {
        await using var admin = await AnAdmin.StartAsync(account: true);
        var request = AnAdmin.Request("POST", "/api/session/login", Credentials(AnAdmin.User, AnAdmin.Password));
        request.Headers.Add("X-Forwarded-Proto", "https");
        var answer = await admin.SendAsync(request);
        Assert.Contains("secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("max-age=31536000", answer.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Who_is_wrong_does_not_learn_about_what()
    {
        await using var admin = await AnAdmin.StartAsync(account: true);
        var user = await LoginAsync(admin, "somebody", AnAdmin.Password);
        var password = await LoginAsync(admin, AnAdmin.User, "wrong");
        Assert.Equal(401, user.Status);
        Assert.Equal(user.Text, password.Text);
    }

    [Fact]
    public async Task Without_an_account_there_is_nothing_to_sign_in_to()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(403, (await LoginAsync(admin, AnAdmin.User, AnAdmin.Password)).Status);
        var state = await admin.GetAsync("/api/session/is-auth-enabled");
        Assert.False(state.Json["is_auth_enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_state_says_whether_one_is_signed_in()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var stranger = admin.NewClient();
        Assert.True((await admin.GetAsync("/api/session/is-auth-enabled")).Json["has_valid_token"]!.GetValue<bool>());
        var other = await admin.SendAsync(AnAdmin.Request("GET", "/api/session/is-auth-enabled"), stranger);
        Assert.True(other.Json["is_auth_enabled"]!.GetValue<bool>());
        Assert.False(other.Json["has_valid_token"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await using var admin = await AnAdmin.LockedAsync();
        Assert.Equal(200, (await admin.SendAsync(AnAdmin.Request("POST", "/api/session/logout"))).Status);
        Assert.Equal(401, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task A_session_ends_after_thirty_days()
    {
        await using var admin = await AnAdmin.LockedAsync();
        admin.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
        admin.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(401, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task A_restart_signs_nobody_out_and_the_store_lets_nobody_in()
    {
        var store = new InMemoryObjectStore();
        string token;
        await using (var first = await AnAdmin.StartAsync(account: true, store))
        {
            token = await first.LoginAsync();
        }

        var stored = (await store.LoadAsync(default)).Single(o => o.Kind == ObjectKinds.Session);
        await using var second = await AnAdmin.StartAsync(account: false, store);
        second.Client.DefaultRequestHeaders.Authorization = new("Bearer", stored.Id);
        Assert.Equal(401, (await second.GetAsync("/api/config")).Status);
        second.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(200, (await second.GetAsync("/api/config")).Status);
    }

    [Theory]
    [InlineData("""{"auth_config": {"admin_password": "another password"}}""")]
    [InlineData("""{"auth_config": {"admin_username": "root"}}""")]
    public async Task A_change_of_credentials_ends_all_sessions(string change)
    {
        await using var admin = await AnAdmin.LockedAsync();
        await admin.LoginAsync();
        Assert.Equal(200, (await admin.SendAsync("PUT", "/api/config", change)).Status);
        Assert.Equal(401, (await admin.GetAsync("/api/config")).Status);
        Assert.DoesNotContain(await admin.Objects.LoadAsync(default), o => o.Kind == ObjectKinds.Session);
    }

    [Fact]
    public async Task A_change_made_past_the_api_ends_all_sessions_too()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var patch = JsonSerializer.SerializeToElement(new JsonObject { ["admin_password"] = "from the file" });
        await admin.Parts.Settings.PatchAuthAsync(patch, default);
        Assert.Equal(401, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task A_change_of_anything_else_ends_no_session()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var change = """{"client_config": {"enforce_auth_on_inference": true}, "auth_config": {"admin_password": "<redacted>"}}""";
        Assert.Equal(200, (await admin.SendAsync("PUT", "/api/config", change)).Status);
        Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_address_and_time_unlocks_it()
    {
        await using var admin = await AnAdmin.StartAsync(account: true);
        for (var i = 0; i < LoginThrottle.AddressFailures; i++)
        {
            Assert.Equal(401, (await LoginAsync(admin, AnAdmin.User, $"guess {i}")).Status);
        }

        var locked = await LoginAsync(admin, AnAdmin.User, AnAdmin.Password);
        Assert.Equal(429, locked.Status);
        Assert.Equal("30", locked.Header("Retry-After"));
        admin.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await LoginAsync(admin, AnAdmin.User, AnAdmin.Password)).Status);
    }

    [Fact]
    public async Task Who_is_signed_in_stays_so_while_others_guess()
    {
        await using var admin = await AnAdmin.LockedAsync();
        for (var i = 0; i < LoginThrottle.AddressFailures; i++)
        {
            await LoginAsync(admin, AnAdmin.User, "guess");
        }

        Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task Basic_credentials_are_locked_like_a_login()
    {
        await using var admin = await AnAdmin.StartAsync(account: true);
        admin.Client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("admin:guess"u8));
        for (var i = 0; i < LoginThrottle.AddressFailures; i++)
        {
            Assert.Equal(401, (await admin.GetAsync("/api/config")).Status);
        }

        Assert.Equal(429, (await admin.GetAsync("/api/config")).Status);
    }

    [Fact]
    public async Task A_ticket_stands_for_a_session_for_half_a_minute()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var answer = await admin.SendAsync(AnAdmin.Request("POST", "/api/session/ws-ticket"));
        var ticket = answer.Json["ticket"]!.GetValue<string>();
        Assert.Equal(200, await ShownAsync(admin, ticket));
        var middle = ticket.Length / 2;
        Assert.Equal(401, await ShownAsync(admin, ticket[..middle] + (ticket[middle] == 'A' ? 'B' : 'A') + ticket[(middle + 1)..]));
        Assert.Equal(401, await ShownAsync(admin, "d3MtdGlja2V0fDk5OTk5OTk5OTk5OTk5fHg"));
        admin.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(401, await ShownAsync(admin, ticket));
    }

    [Fact]
    public async Task A_ticket_ends_with_its_session()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var ticket = (await admin.SendAsync(AnAdmin.Request("POST", "/api/session/ws-ticket"))).Json["ticket"]!.GetValue<string>();
        await admin.SendAsync(AnAdmin.Request("POST", "/api/session/logout"));
        Assert.Equal(401, await ShownAsync(admin, ticket));
    }

    [Fact]
    public async Task A_ticket_opens_nothing_but_what_is_watched()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var ticket = (await admin.SendAsync(AnAdmin.Request("POST", "/api/session/ws-ticket"))).Json["ticket"]!.GetValue<string>();
        using var stranger = admin.NewClient();
        Assert.Equal(401, (await admin.SendAsync(AnAdmin.Request("GET", $"/api/logs?ticket={ticket}"), stranger)).Status);
    }

    [Fact]
    public async Task Another_sites_page_may_not_use_a_ticket()
    {
        await using var admin = await AnAdmin.LockedAsync();
        var ticket = (await admin.SendAsync(AnAdmin.Request("POST", "/api/session/ws-ticket"))).Json["ticket"]!.GetValue<string>();
        Assert.Equal(403, await ShownAsync(admin, ticket, "https://attacker.example"));
    }

    private static async Task<int> ShownAsync(AnAdmin admin, string ticket, string? origin = null)
    {
        using var stranger = admin.NewClient();
        var request = AnAdmin.Request("GET", $"/api/logs/live?ticket={ticket}");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private static Task<AnAnswer> LoginAsync(AnAdmin admin, string user, string password)
    {
        var client = admin.NewClient();
        return admin.SendAsync(AnAdmin.Request("POST", "/api/session/login", Credentials(user, password)), client);
    }

    private static JsonObject Credentials(string user, string password) => new() { ["username"] = user, ["password"] = password };
}
