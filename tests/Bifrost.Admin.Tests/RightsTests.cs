using Bifrost.Admin.Http;

namespace Bifrost.Admin.Tests;

public sealed class RightsTests
{
    private const string Key = "sk-bf-00000000-0000-4000-8000-000000000000";

    private static readonly string[] Open = ["GET /health", "GET /api/session/is-auth-enabled", "POST /api/session/login"];

    [Fact]
    public async Task Without_a_session_every_route_but_the_open_ones_answers_401()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var stranger = admin.NewClient();
        foreach (var route in Guarded(admin))
        {
            var answer = await admin.SendAsync(Asking(route), stranger);
            Assert.True(answer.Status == 401, $"{route.Method} {route.Pattern}: {answer.Status} {answer.Text}");
            Assert.False(answer.Json["is_bifrost_error"]!.GetValue<bool>());
            Assert.Equal(401, answer.Json["status_code"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task A_wrong_session_opens_nothing()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var stranger = admin.NewClient();
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "bm90LWEtc2Vzc2lvbi1hdC1hbGw");
        foreach (var route in Guarded(admin))
        {
            Assert.Equal(401, (await admin.SendAsync(Asking(route), stranger)).Status);
        }
    }

    [Theory]
    [InlineData("x-bf-vk")]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("x-goog-api-key")]
    public async Task A_virtual_key_opens_no_route_but_its_quota(string header)
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var caller = admin.NewClient();
        var made = await admin.SendAsync("POST", "/api/governance/virtual-keys", """{"name": "mine"}""");
        var value = made.Json["virtual_key"]!["value"]!.GetValue<string>();
        caller.DefaultRequestHeaders.TryAddWithoutValidation(header, header == "Authorization" ? $"Bearer {value}" : value);
        foreach (var route in Guarded(admin).Where(r => r.Guard != Guard.VirtualKey))
        {
            var answer = await admin.SendAsync(Asking(route), caller);
            Assert.True(answer.Status == 403, $"{route.Method} {route.Pattern}: {answer.Status} {answer.Text}");
        }

        Assert.Equal(200, (await admin.SendAsync(AnAdmin.Request("GET", "/api/governance/virtual-keys/quota"), caller)).Status);
    }

    [Fact]
    public async Task The_administrator_is_no_virtual_key()
    {
        await using var admin = await AnAdmin.LockedAsync();
        Assert.Equal(401, (await admin.GetAsync("/api/governance/virtual-keys/quota")).Status);
    }

    [Fact]
    public async Task A_virtual_key_that_does_not_exist_has_no_quota()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("GET", "/api/governance/virtual-keys/quota");
        request.Headers.Add("x-bf-vk", Key);
        Assert.Equal(401, (await admin.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_virtual_key_opens_nothing_even_while_there_is_no_account()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("GET", "/api/config");
        request.Headers.Add("x-bf-vk", Key);
        Assert.Equal(403, (await admin.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Without_an_account_this_machine_may_do_everything()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(200, (await admin.GetAsync("/api/config")).Status);
        Assert.Equal(201, (await admin.SendAsync("POST", "/api/governance/teams", """{"name": "a"}""")).Status);
    }

    [Theory]
    [InlineData("gateway.example")]
    [InlineData("127.0.0.1.attacker.example")]
    [InlineData("10.0.0.7:8080")]
    public async Task A_name_that_is_not_this_machines_is_refused_while_there_is_no_account(string host)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("GET", "/api/config");
        request.Headers.Host = host;
        Assert.Equal(401, (await admin.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task What_came_through_a_proxy_is_refused_while_there_is_no_account(string header, string value)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("GET", "/api/config");
        request.Headers.Add(header, value);
        Assert.Equal(401, (await admin.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("Origin", "https://attacker.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Another_sites_page_may_not_even_read_while_there_is_no_account(string header, string value)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("GET", "/api/config");
        request.Headers.Add(header, value);
        Assert.Equal(403, (await admin.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Our_own_page_may_write_while_there_is_no_account()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = AnAdmin.Request("POST", "/api/governance/teams", new System.Text.Json.Nodes.JsonObject { ["name"] = "a" });
        request.Headers.Add("Origin", admin.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(201, (await admin.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("Origin", "https://attacker.example", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("X-Nothing", "1", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 201)]
    [InlineData("X-Requested-With", "XMLHttpRequest", 201)]
    public async Task A_cookie_alone_does_not_write(string header, string value, int status)
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var browser = admin.NewClient();
        browser.DefaultRequestHeaders.Add("Cookie", $"token={await admin.LoginAsync()}");
        var request = AnAdmin.Request("POST", "/api/governance/teams", new System.Text.Json.Nodes.JsonObject { ["name"] = "a" });
        request.Headers.Add(header, value);
        Assert.Equal(status, (await admin.SendAsync(request, browser)).Status);
    }

    [Fact]
    public async Task A_cookie_reads()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var browser = admin.NewClient();
        browser.DefaultRequestHeaders.Add("Cookie", $"token={await admin.LoginAsync()}");
        Assert.Equal(200, (await admin.SendAsync(AnAdmin.Request("GET", "/api/config"), browser)).Status);
    }

    [Fact]
    public async Task User_and_password_open_every_route_and_wrong_ones_none()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var right = admin.NewClient();
        using var wrong = admin.NewClient();
        right.DefaultRequestHeaders.Authorization = new("Basic", Basic(AnAdmin.Password));
        wrong.DefaultRequestHeaders.Authorization = new("Basic", Basic("wrong"));
        Assert.Equal(200, (await admin.SendAsync(AnAdmin.Request("GET", "/api/config"), right)).Status);
        Assert.Equal(401, (await admin.SendAsync(AnAdmin.Request("GET", "/api/config"), wrong)).Status);
    }

    [Fact]
    public async Task Every_answer_forbids_frames_guesses_and_copies()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var stranger = admin.NewClient();
        foreach (
            var answer in new[]
            {
                await admin.GetAsync("/api/config"),
                await admin.SendAsync(AnAdmin.Request("GET", "/api/config"), stranger),
            }
        )
        {
            Assert.Equal("DENY", answer.Header("X-Frame-Options"));
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal("no-store", answer.Header("Cache-Control"));
            Assert.Equal("strict-origin-when-cross-origin", answer.Header("Referrer-Policy"));
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_does_not_exist_tells_strangers_nothing()
    {
        await using var admin = await AnAdmin.LockedAsync();
        using var stranger = admin.NewClient();
        Assert.Equal(401, (await admin.SendAsync(AnAdmin.Request("GET", "/api/nothing"), stranger)).Status);
        Assert.Equal(404, (await admin.GetAsync("/api/nothing")).Status);
    }

    private static IEnumerable<Route> Guarded(AnAdmin admin) => admin.Surface.Routes.Where(r => !Open.Contains($"{r.Method} {r.Pattern}"));

    private static HttpRequestMessage Asking(Route route) =>
        new(new HttpMethod(route.Method), string.Join('/', route.Pattern.Split('/').Select(s => s.StartsWith('{') ? "x" : s)));

    private static string Basic(string password) =>
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{AnAdmin.User}:{password}"));
}
