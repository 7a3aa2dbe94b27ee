using System.IO.Compression;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

/// <summary>Parquet is read back in the end-to-end tests, by another implementation than the one that writes it.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Comma_separated_values_are_quoted_where_they_must_be_and_never_formulas()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddAsync(
            admin,
            Chat("new"),
            Chat("old", Hour) with
            {
                Message = "a \"b\",\r\nc",
                Fault = "timeout",
                AskedModel = "=HYPERLINK(\"http://x\")",
                SentModel = null,
                Cost = 9_007_199_254_740_993,
                UpstreamId = "-1+1",
                TeamId = "@team",
                UserId = "+user",
            }
        );

        var answer = await admin.GetAsync("/api/logs/export?format=csv");

        Assert.Equal("text/csv; charset=utf-8; header=present", answer.Content.ContentType!.ToString());
        Assert.Equal("attachment; filename=\"bifrost-requests-20261122-120000.csv\"", answer.Content.ContentDisposition!.ToString());
        Assert.Equal(
            "2026-11-22T11:00:00Z,old,,openai,'=HYPERLINK",
            answer.Text.Split("\r\n")[1].Replace("\"", "", StringComparison.Ordinal)[..44]
        );
        var (head, rows) = Parse(answer.Text);
        Assert.Equal(
            "timestamp,request_id,customer_id,provider,model,endpoint,method,status_code,latency_ms,input_tokens,output_tokens,cost_usd",
            string.Join(',', head.Take(12))
        );
        Assert.Equal(["old", "new"], rows.Select(r => r["request_id"]));
        var old = rows[0];
        Assert.Equal("a \"b\",\r\nc", old["message"]);
        Assert.Equal("'=HYPERLINK(\"http://x\")", old["model"]);
        Assert.Equal(("'-1+1", "'@team", "'+user"), (old["upstream_id"], old["team_id"], old["user_id"]));
        Assert.Equal("9007199.254740993", old["cost_usd"]);
        Assert.Equal(
            ("500.000", "200", "/v1/chat/completions", "POST"),
            (old["latency_ms"], old["status_code"], old["endpoint"], old["method"])
        );
        Assert.Equal("", old["customer_id"]);
    }

    [Fact]
    public async Task Json_lines_are_the_rows_of_the_list()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);

        var lines = (await admin.GetAsync("/api/logs/export?format=jsonl")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var listed = (await admin.GetAsync("/api/logs?order=asc")).Json["logs"]!.AsArray();
        Assert.Equal(4, lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var row = JsonNode.Parse(lines[i])!.AsObject();
            row.Remove("cost_lines");
            Assert.Equal(listed[i]!.ToJsonString(), row.ToJsonString());
        }

        Assert.DoesNotContain("lighthouse", string.Concat(lines), StringComparison.OrdinalIgnoreCase);
        var said = await admin.GetAsync("/api/logs/export?format=jsonl&payload=true&providers=replicate");
        Assert.Equal("fine", JsonNode.Parse(said.Text)!["payload"]!["response"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task Exports_take_every_filter_and_a_limit(string format)
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);
        await ListTests.AddAsync(admin, Chat("future", -Day));
        var all = await BytesAsync(admin, format, "");
        Assert.True((await BytesAsync(admin, format, "&providers=replicate")).Length < all.Length);
        if (format == "csv")
        {
            Assert.Equal(["d", "c", "b", "a"], await IdsAsync(admin, ""));
            Assert.Equal(["d", "c"], await IdsAsync(admin, "&limit=2"));
            Assert.Equal(["b"], await IdsAsync(admin, "&content_search=lighthouse"));
            Assert.Equal(["c"], await IdsAsync(admin, "&missing_cost_only=true"));
            Assert.Equal(["future"], await IdsAsync(admin, "&start_time=2026-11-23&end_time=2026-11-24"));
            Assert.Empty(await IdsAsync(admin, "&providers=nobody"));
        }
    }

    [Fact]
    public async Task A_file_is_packed_when_that_is_asked_for()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);
        var plain = await BytesAsync(admin, "csv", "");

        using var file = await admin.Client.GetAsync("/api/logs/export?format=csv&compression=gzip");
        Assert.Equal("application/gzip", file.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".csv.gz\"", file.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        Assert.Empty(file.Content.Headers.ContentEncoding);
        Assert.Equal(plain, Unpacked(await file.Content.ReadAsByteArrayAsync()));

        var asking = AnAdmin.Request("GET", "/api/logs/export?format=csv");
        asking.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var sent = await admin.Client.SendAsync(asking);
        Assert.Equal("text/csv", sent.Content.Headers.ContentType!.MediaType);
        Assert.Equal("gzip", Assert.Single(sent.Content.Headers.ContentEncoding));
        Assert.Equal(plain, Unpacked(await sent.Content.ReadAsByteArrayAsync()));
    }

    [Theory]
    [InlineData("", "format: is missing. It is one of csv, jsonl, parquet.")]
    [InlineData("format=xlsx", "format: \"xlsx\" is none of csv, jsonl, parquet.")]
    [InlineData("format=csv&compression=zip", "compression: \"zip\" is none of none, gzip.")]
    [InlineData("format=csv&limit=0", "limit: is 0. Write a whole number of 1 or more, or leave it out.")]
    [InlineData("format=csv&payload=yes", "payload: \"yes\" is none of true, false.")]
    [InlineData("format=csv&status=bad", "status: \"bad\" is no status.")]
    public async Task Mistakes_are_told_before_any_file_begins(string query, string mistake)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync($"/api/logs/export?{query}");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task Two_hundred_thousand_rows_are_never_held_at_once(string format)
    {
        const int Rows = 200_000;
        var made = new List<WeakReference>(Rows);
        var most = 0;
        var store = RowsOnly.Of(Source);
        await using var admin = await AnAdmin.OpenAsync(store);

        using var answer = await admin.Client.GetAsync($"/api/logs/export?format={format}", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64 << 10];
        long length = 0;
        for (int count; (count = await body.ReadAsync(buffer)) > 0; )
        {
            length += count;
        }

        Assert.Equal(Rows, made.Count);
        Assert.True(length > 1_000_000, $"{length} bytes");
        Assert.InRange(most, 1, 25_000);

        async IAsyncEnumerable<LogRow> Source()
        {
            for (var i = 0; i < Rows; i++)
            {
                var row = Chat($"row-{i:x8}-{i * 7919:x8}", i);
                made.Add(new WeakReference(row));
                if (i % 45_000 == 44_999)
                {
                    GC.Collect();
                    most = Math.Max(most, made.Count(r => r.IsAlive));
                }

                yield return row;
            }

            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_reader_who_does_not_read_stops_the_reading_of_rows()
    {
        var made = 0;
        var store = RowsOnly.Of(Source);
        await using var admin = await AnAdmin.OpenAsync(store);
        var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler) { BaseAddress = admin.Address };

        using (await client.GetAsync("/api/logs/export?format=jsonl", HttpCompletionOption.ResponseHeadersRead))
        {
            var before = -1;
            while (before != Volatile.Read(ref made))
            {
                before = Volatile.Read(ref made);
                await Task.Delay(300);
            }

            Assert.InRange(made, 1, 50_000);
        }

        async IAsyncEnumerable<LogRow> Source()
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                Interlocked.Increment(ref made);
                yield return Chat($"row-{i}", i);
            }

            await Task.CompletedTask;
        }
    }

    [Fact]
    public async Task What_breaks_off_looks_broken()
    {
        var store = RowsOnly.Of(Source);
        await using var admin = await AnAdmin.OpenAsync(store);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => admin.Client.GetByteArrayAsync("/api/logs/export?format=csv"));

        async IAsyncEnumerable<LogRow> Source()
        {
            for (var i = 0; i < 10_000; i++)
            {
                yield return Chat($"row-{i}", i);
            }

            await Task.Yield();
            throw new LogStoreUnavailableException("The database went away.");
        }
    }

    private static async Task<byte[]> BytesAsync(AnAdmin admin, string format, string more) =>
        await admin.Client.GetByteArrayAsync($"/api/logs/export?format={format}{more}");

    private static async Task<IReadOnlyList<string>> IdsAsync(AnAdmin admin, string more) =>
        [.. Parse((await admin.GetAsync($"/api/logs/export?format=csv{more}")).Text).Rows.Select(r => r["request_id"])];

    private static byte[] Unpacked(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }

    /// <summary>By RFC 4180, to the letter.</summary>
    private static (IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyDictionary<string, string>> Rows) Parse(string text)
    {
        var lines = new List<List<string>>();
        var (line, value, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                value.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\r' && !quoted)
            {
                line.Add(value.ToString());
                value.Clear();
            }
            else if (!quoted && c == '\n')
            {
                lines.Add(line);
                line = [];
            }
            else
            {
                value.Append(c);
            }
        }

        Assert.Empty(line);
        Assert.All(lines, l => Assert.Equal(lines[0].Count, l.Count));
        return (
            lines[0],
            [.. lines.Skip(1).Select(l => (IReadOnlyDictionary<string, string>)lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second))]
        );
    }
}

/// <summary>A log that can only be read through, row by row.</summary>
public class RowsOnly : DispatchProxy
{
    private Func<IAsyncEnumerable<LogRow>> _rows = null!;

    public static ILogStore Of(Func<IAsyncEnumerable<LogRow>> rows)
    {
        var store = Create<ILogStore, RowsOnly>();
        ((RowsOnly)(object)store)._rows = rows;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILogStore.ReadAsync) ? _rows() : throw new NotSupportedException(targetMethod.Name);
}
