using System.Text;
using Bifrost.Observability.RequestLog;
using Bifrost.Storage;
using Bifrost.Storage.Logs;

namespace Bifrost.Admin.Tests.Logs;

/// <summary>Rows for a log whose clock stands at noon of 22 November 2026.</summary>
internal static class SomeRows
{
    public const long Noon = 1_795_348_800_000_000;
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    /// <summary>A chat that went well, so long before noon.</summary>
    public static LogRow Chat(string id, long ago = Minute) =>
        new()
        {
            Id = id,
            At = Noon - ago,
            Operation = "chat_completion",
            Status = LogStatus.Success,
            HttpStatus = 200,
            Lane = "verbatim",
            Provider = "openai",
            ProviderKeyId = "pk-main",
            ProviderKeyName = "main",
            AskedModel = "openai/gpt-4o-mini",
            SentModel = "gpt-4o-mini",
            InputTokens = 1000,
            OutputTokens = 100,
            Cost = 210_000,
            PriceVersion = "then",
            CostLines = """[{"kind":"input","quantity":1000,"unit_price":150,"amount":150000}]""",
            Latency = 500_000,
            FirstByte = 200_000,
        };

    public static LogPayload Said(LogRow row, string words) =>
        new(row.Id, row.At, Encoding.UTF8.GetBytes($$"""{"prompt":"{{words}}"}"""), "fine"u8.ToArray(), $"{words} fine", false);

    public static string Time(long micros) =>
        DateTimeOffset
            .UnixEpoch.AddMicroseconds(micros)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A log in SQLite, in a folder of its own.</summary>
internal sealed class ALogFile : IAsyncDisposable
{
    private readonly string _folder;

    private ALogFile(string folder, LogStore store) => (_folder, Store) = (folder, store);

    public LogStore Store { get; }

    public static async Task<ALogFile> FreshAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bifrost-log-").FullName;
        var settings = new SqliteSettings(Path.Combine(folder, "logs.db"));
        return new ALogFile(folder, await LogStore.OpenAsync(settings, new(), TimeProvider.System, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
