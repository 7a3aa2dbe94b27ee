using System.Security.Cryptography;
using System.Text;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Sealing;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests;

public sealed class SqliteSealingTests() : SealingTests(DatabaseKind.Sqlite);

public sealed class PostgresSealingTests() : SealingTests(DatabaseKind.Postgres);

public abstract class SealingTests(DatabaseKind kind) : IAsyncLifetime
{
    private const string Old = "the passphrase of last year";
    private const string New = "the passphrase of this year";
    private const string Secret = "r8-provider-key, with ümlaut";
    private static readonly CancellationToken None = CancellationToken.None;
    private StorePlace _place = null!;

    public async ValueTask InitializeAsync() => _place = await StorePlace.FreshAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Old)]
    public async Task What_is_sealed_opens_again_after_a_restart(string? passphrase)
    {
        string sealedText;
        await using (var store = await _place.OpenAsync(passphrase))
        {
            sealedText = store.Secrets.Seal(Secret);
            Assert.Equal(Secret, store.Secrets.Open(sealedText));
        }

        await using var again = await _place.OpenAsync(passphrase);
        Assert.Equal(Secret, again.Secrets.Open(sealedText));
        Assert.Matches("^sealed:v1:[0-9a-f]{8}:[A-Za-z0-9_-]+$", sealedText);
    }

    [Fact]
    public async Task The_same_secret_is_sealed_differently_each_time()
    {
        await using var store = await _place.OpenAsync();

        Assert.NotEqual(store.Secrets.Seal(Secret), store.Secrets.Seal(Secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sealed:v1:deadbeef:looks like one")]
    public async Task Any_text_can_be_sealed(string secret)
    {
        await using var store = await _place.OpenAsync();

        Assert.Equal(secret, store.Secrets.Open(store.Secrets.Seal(secret)));
    }

    [Fact]
    public async Task Text_that_is_not_sealed_comes_back_as_it_is()
    {
        await using var store = await _place.OpenAsync();

        Assert.Equal("env.OPENAI_API_KEY", store.Secrets.Open("env.OPENAI_API_KEY"));
    }

    [Fact]
    public async Task A_sealed_text_that_was_changed_anywhere_does_not_open()
    {
        await using var store = await _place.OpenAsync();
        var text = store.Secrets.Seal(Secret);

        for (var at = "sealed:".Length; at < text.Length; at++)
        {
            var other = text[at] == 'A' ? 'B' : 'A';
            Assert.ThrowsAny<CryptographicException>(() => store.Secrets.Open(text[..at] + other + text[(at + 1)..]));
            Assert.ThrowsAny<CryptographicException>(() => store.Secrets.Open(text[..at]));
        }
    }

    [Fact]
    public async Task The_key_file_is_for_its_owner_alone()
    {
        await using var store = await _place.OpenAsync();

        Assert.Equal("600", FileModes.Of(_place.Sealing().KeyFile));
    }

    [Fact]
    public async Task With_a_passphrase_no_key_file_is_made()
    {
        await using var store = await _place.OpenAsync(Old);

        Assert.False(File.Exists(_place.Sealing().KeyFile));
    }

    [Fact]
    public async Task Another_passphrase_is_refused_by_name_and_changes_nothing()
    {
        var text = await SealAsync(Old);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _place.OpenAsync(New));
        Assert.Contains("BIFROST_ENCRYPTION_KEY", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("BIFROST_ENCRYPTION_KEY_PREVIOUS", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(New, refusal.ToString(), StringComparison.Ordinal);

        await using var store = await _place.OpenAsync(Old);
        Assert.Equal(Secret, store.Secrets.Open(text));
    }

    [Fact]
    public async Task A_lost_key_file_is_missed_and_not_made_anew()
    {
        await SealAsync(null);
        File.Delete(_place.Sealing().KeyFile);

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _place.OpenAsync());
        Assert.Contains("encryption.key", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.Sealing().KeyFile));
    }

    [Fact]
    public async Task A_new_passphrase_seals_every_document_anew()
    {
        await SaveAsync(
            Old,
            secrets => $$"""{ "keys":[{"value":"{{secrets.Seal("one")}}", "weight":1.0}], "name":"x",  "b":"{{secrets.Seal("two")}}" }"""
        );
        var before = await JsonAsync(New, Old);
        var after = await JsonAsync(New);

        // Without the old passphrase now; and nothing but the sealed parts has changed.
        await using var store = await _place.OpenAsync(New);
        var values = SealedIn(after);
        Assert.Equal(["one", "two"], values.Select(store.Secrets.Open));
        Assert.Equal(before, after);
        Assert.Equal(
            """{ "keys":[{"value":"?", "weight":1.0}], "name":"x",  "b":"?" }""",
            values.Aggregate(after, (json, value) => json.Replace(value, "?", StringComparison.Ordinal))
        );
        await Assert.ThrowsAsync<StoreOpenException>(() => _place.OpenAsync(Old));
    }

    [Fact]
    public async Task A_passphrase_takes_over_from_the_key_file()
    {
        await SaveAsync(null, secrets => $"\"{secrets.Seal(Secret)}\"");
        await using (await _place.OpenAsync(New)) { }
        File.Delete(_place.Sealing().KeyFile);

        await using var store = await _place.OpenAsync(New);
        Assert.Equal(Secret, store.Secrets.Open(SealedIn(await JsonAsync(New)).Single()));
    }

    [Fact]
    public async Task What_another_gateway_sealed_with_the_old_key_after_the_change_is_sealed_anew_at_the_next_start()
    {
        await using (var late = await _place.OpenAsync(Old))
        {
            await using (await _place.OpenAsync(New, [Old])) { }
            await late.Objects.SaveAsync([Change($"\"{late.Secrets.Seal(Secret)}\"")], None);
        }

        await using (await _place.OpenAsync(New, ["never used", Old])) { }
        await using var store = await _place.OpenAsync(New);
        Assert.Equal(Secret, store.Secrets.Open(SealedIn(await JsonAsync(New)).Single()));
    }

    [Fact]
    public async Task One_document_that_cannot_be_sealed_anew_stops_the_change_as_a_whole()
    {
        await SaveAsync(Old, secrets => $"\"{secrets.Seal(Secret)}\"");
        string before;
        await using (var store = await _place.OpenAsync(Old))
        {
            await store.Objects.SaveAsync([new(new("team", "broken", "\"sealed:v1:0badbad0:AAAA\""u8.ToArray(), null))], None);
            before = await TextOfAsync(store);
        }

        var refusal = await Assert.ThrowsAsync<StoreOpenException>(() => _place.OpenAsync(New, [Old]));
        Assert.Contains("team broken", refusal.Message, StringComparison.Ordinal);
        await using var again = await _place.OpenAsync(Old);
        Assert.Equal(before, await TextOfAsync(again));
    }

    [Fact]
    public async Task Two_first_starts_at_once_agree_on_one_key()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _place.OpenAsync()));

        Assert.All(stores, store => Assert.Equal(Secret, store.Secrets.Open(stores[0].Secrets.Seal(Secret))));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public void The_configuration_goes_before_the_environment()
    {
        string? Environment(string name) => name == SealingSettings.KeyVariable ? "from the environment" : " one , two ,";

        Assert.Equal("from the file", SealingSettings.From("from the file", Environment, "/app").Passphrase);
        Assert.Equal("from the environment", SealingSettings.From("", Environment, "/app").Passphrase);
        Assert.Equal(["one", "two"], SealingSettings.From(null, Environment, "/app").Previous);
        Assert.Null(SealingSettings.From(null, _ => null, "/app").Passphrase);
    }

    private static string[] SealedIn(string json) =>
        System.Text.RegularExpressions.Regex.Matches(json, "sealed:v1:[^\"]+").Select(match => match.Value).ToArray();

    private static ObjectChange Change(string json) => new(new StoredObject("provider", "p", Encoding.UTF8.GetBytes(json), "hash"));

    private async Task<string> SealAsync(string? passphrase)
    {
        await using var store = await _place.OpenAsync(passphrase);
        return store.Secrets.Seal(Secret);
    }

    private async Task SaveAsync(string? passphrase, Func<ISecretBox, string> json)
    {
        await using var store = await _place.OpenAsync(passphrase);
        await store.Objects.SaveAsync([Change(json(store.Secrets))], None);
    }

    private async Task<string> JsonAsync(string passphrase, params string[] previous)
    {
        await using var store = await _place.OpenAsync(passphrase, previous);
        var thing = Assert.Single(await store.Objects.LoadAsync(None));
        return Encoding.UTF8.GetString(thing.Json.Span);
    }

    private static async Task<string> TextOfAsync(GatewayStore store) =>
        string.Join('\n', (await store.Objects.LoadAsync(None)).Select(thing => Encoding.UTF8.GetString(thing.Json.Span)));
}
