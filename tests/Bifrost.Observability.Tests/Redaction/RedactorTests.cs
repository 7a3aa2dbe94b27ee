using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Observability.Redaction;

namespace Bifrost.Observability.Tests.Redaction;

public sealed class RedactorTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<int, string> Secrets => [.. ASecret.All.Select((secret, at) => (at, secret.ToString()))];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Secrets_are_found_by_their_look_anywhere_in_a_text(int which, string _)
    {
        var secret = ASecret.All[which];
        foreach (
            var (before, after) in new[]
            {
                ("", ""),
                ("Use ", " to log in."),
                ("(", ")"),
                ("line\n", "\nline"),
                (@"escaped\n", @"\nescaped"),
                (@"escaped\u0027", @"\u0027 "),
                ("ä ", " ü"),
                ("'", "'"),
            }
        )
        {
            var clean = Redactor.Standard.Text(before + secret.Text + after);

            Assert.False(secret.IsSeenIn(clean), clean);
            Assert.Contains("***", clean, StringComparison.Ordinal);
            Assert.StartsWith(before, clean, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Secrets_are_found_in_json_and_in_json_within_json(int which, string _)
    {
        var secret = ASecret.All[which];
        foreach (var options in new[] { JsonSerializerOptions.Default, Relaxed })
        {
            var arguments = new JsonObject { ["note"] = $"Take {secret.Text} please", ["n"] = 1 }.ToJsonString(options);
            var body = new JsonObject
            {
                ["messages"] = new JsonArray(
                    new JsonObject { ["role"] = "user", ["content"] = $"I say {secret.Text} to you" },
                    new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = secret.Text }) },
                    new JsonObject
                    {
                        ["tool_calls"] = new JsonArray(new JsonObject { ["function"] = new JsonObject { ["arguments"] = arguments } }),
                    }
                ),
            }.ToJsonString(options);

            var clean = Body(body);

            Assert.False(secret.IsSeenIn(clean), clean);
            var read = JsonNode.Parse(clean)!["messages"]!;
            Assert.StartsWith("I say ", (string)read[0]!["content"]!, StringComparison.Ordinal);
            Assert.Equal(1, (int)JsonNode.Parse((string)read[2]!["tool_calls"]![0]!["function"]!["arguments"]!)!["n"]!);
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_is_cut_off_in_the_middle_of_a_secret_shows_no_part_of_it(int which, string _)
    {
        var secret = ASecret.All[which];
        var plain = $"A stream that says {secret.Text} and ends";
        var json = new JsonObject { ["a"] = "x", ["content"] = plain }.ToJsonString(Relaxed);
        var line = new JsonObject { ["content"] = new JsonArray($"A line\n{secret.Text}\nand another") }.ToJsonString();
        var inner = new JsonObject { ["arguments"] = line }.ToJsonString();
        foreach (var whole in new[] { plain, json, line, inner })
        {
            var bytes = Encoding.UTF8.GetBytes(whole);
            for (var end = 0; end <= bytes.Length; end++)
            {
                var clean = Encoding.UTF8.GetString(Redactor.Standard.Body(bytes.AsSpan(0, end), truncated: true));

                Assert.False(secret.IsSeenIn(clean), $"Cut at {end}: {clean}");
            }
        }
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Authorization")]
    [InlineData("x-api-key")]
    [InlineData("apiKey")]
    [InlineData("API_KEY")]
    [InlineData("clientSecret")]
    [InlineData("github_token")]
    [InlineData("X-Bf-Vk")]
    [InlineData("Cookie")]
    [InlineData("db.password")]
    public void Values_with_a_secret_name_are_secrets_whatever_they_look_like(string name)
    {
        Assert.Equal("***", Redactor.Standard.Value(name, "plain"));
        Assert.Equal($$"""{"a":1,"{{name}}":"***","b":"c"}""", Body($$"""{"a":1,"{{name}}":"plain","b":"c"}"""));
        Assert.Equal($$"""{"{{name}}":"***"}""", Body($$"""{"{{name}}":12345}"""));
        Assert.Equal($$"""{"{{name}}":["***",{"deep":"***"}],"b":2}""", Body($$"""{"{{name}}":["one",{"deep":"two"}],"b":2}"""));
    }

    [Theory]
    [InlineData("""{"max_tokens":100,"usage":{"prompt_tokens":5,"total_tokens":7}}""")]
    [InlineData("""{"tokenizer":"cl100k","key":"C major","keyboard":"qwerty","passage":"a text"}""")]
    [InlineData("""{"logprobs":{"content":[{"token":"Hello","logprob":-0.1,"top_logprobs":[{"token":"Hi","logprob":-2}]}]}}""")]
    [InlineData("""{"parameters":{"properties":{"password":{"type":"string","description":"The new one"}},"required":["password"]}}""")]
    [InlineData("""{ "spaces" : [ 1 , 2.50e3 ] , "u":"\u00e4 \ud83d\ude00" , "null":null,"password":null}""")]
    [InlineData("""{"content":"See https://example.com/a?b=c&page=2, ssh://git@example.com, mail me@example.com: a basic task is hard"}""")]
    [InlineData("Not JSON: the key is to skip bearer bonds and to token-ise.")]
    [InlineData("")]
    public void What_is_no_secret_stays_byte_for_byte(string body) => Assert.Equal(body, Body(body));

    [Fact]
    public void The_operators_fields_are_secrets_too()
    {
        var redactor = new Redactor(["salary", "X-Tenant-Pin"], []);

        Assert.Equal(
            """{"salary":"***","yearlySalary":"***","x_tenant_pin":"***","salaries":1}""",
            Body("""{"salary":5,"yearlySalary":6,"x_tenant_pin":"1","salaries":1}""", redactor)
        );
        Assert.Equal("***", redactor.Value("x-tenant-pin", "1"));
    }

    [Fact]
    public void The_operators_expressions_are_taken_out_of_texts()
    {
        var redactor = new Redactor([], [@"\b\d{4}-\d{4}\b", "(?i)project \\w+"]);

        Assert.Equal("Call *** about ***.", redactor.Text("Call 1234-5678 about Project Nightfall."));
        Assert.Equal("""{"a":"***","b":12345678}""", Body("""{"a":"1234-5678","b":12345678}""", redactor));
    }

    [Fact]
    public void An_expression_that_takes_too_long_takes_the_text_with_it_and_is_counted()
    {
        var redactor = new Redactor([], ["^(a+)+$"]);

        Assert.Equal("***", redactor.Text(new string('a', 60) + "!"));
        Assert.Equal(1, redactor.Timeouts);
    }

    [Fact]
    public void What_stands_within_a_secret_is_one_however_it_is_cut()
    {
        var body = """{"a":1,"credentials":{"deep":["two words","three more words"]},"b":"c"}"""u8;
        for (var end = 0; end <= body.Length; end++)
        {
            var clean = Encoding.UTF8.GetString(Redactor.Standard.Body(body[..end], truncated: true));

            Assert.DoesNotContain("words", clean, StringComparison.Ordinal);
            Assert.DoesNotContain("two", clean, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_field_in_json_within_json_is_a_secret_however_it_is_cut()
    {
        var redactor = new Redactor(["salary"], []);
        var body = Encoding.UTF8.GetBytes("""{"arguments":"{\"city\":\"Rome\",\"salary\":\"five thousand a year\",\"n\":1}"}""");
        for (var end = 0; end <= body.Length; end++)
        {
            var clean = Encoding.UTF8.GetString(redactor.Body(body.AsSpan(0, end), truncated: true));

            Assert.DoesNotContain("five", clean, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[unclosed", false)]
    [InlineData("(?<n", false)]
    [InlineData("fine+", true)]
    public void Broken_expressions_are_named(string pattern, bool fine) => Assert.Equal(fine, Redactor.Mistake(pattern) is null);

    [Fact]
    public void A_secret_that_is_broken_in_half_by_an_escape_is_found_all_the_same() =>
        Assert.Equal("""{"a":"***"}""", Body("""{"a":"\u0073\u006b-abcdefgh12345678"}"""));

    [Theory]
    [InlineData("a.")]
    [InlineData("eyJ-")]
    [InlineData("sk-")]
    [InlineData("x://")]
    [InlineData("x://a:")]
    [InlineData("?a_key")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("password")]
    [InlineData("token: \\")]
    [InlineData("bearer ")]
    public void Long_texts_made_to_be_slow_are_not(string piece)
    {
        var text = "key " + string.Concat(Enumerable.Repeat(piece, (64 << 10) / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        _ = Redactor.Standard.Text(text);

        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    private static string Body(string body, Redactor? redactor = null) =>
        Encoding.UTF8.GetString((redactor ?? Redactor.Standard).Body(Encoding.UTF8.GetBytes(body), truncated: false));
}
