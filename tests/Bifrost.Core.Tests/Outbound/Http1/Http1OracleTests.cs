using System.Globalization;
using System.Text;
using Bifrost.Core.Outbound.Http1;
using CsCheck;

namespace Bifrost.Core.Tests.Outbound.Http1;

/// <summary>What the runtime's own client reads, this one reads; what it refuses may be refused in other words, but is no answer here either.</summary>
public sealed class Http1OracleTests
{
    private static readonly Gen<string> Header = OneOf(
        "Content-Type: application/json",
        "content-type:text/event-stream; charset=utf-8",
        "X-Request-Id:   spaced   ",
        "X-Empty:",
        "Date: Tue, 01 Dec 2026 00:00:00 GMT",
        "Connection: keep-alive",
        "Expires: 0",
        "X-Latin: \u00fc\u00e4",
        "Server: x"
    );

    private static readonly Gen<string> Body = Gen.Char['a', 'z'].Array[0, 300].Select(letters => new string(letters));

    private static readonly Gen<string> Answer =
        from status in OneOf("200 OK", "404 Not Found", "500 ", "429 Too Many Requests")
        from headers in Header.Array[0, 5]
        from body in Body
        from framing in Gen.Int[0, 2]
        from sizes in Gen.Int[1, 60].Array[1, 8]
        from upper in Gen.Bool
        select $"HTTP/1.1 {status}\r\n"
            + string.Concat(headers.Select(header => header + "\r\n"))
            + framing switch
            {
                0 => $"Content-Length: {body.Length}\r\n\r\n{body}",
                1 => $"Transfer-Encoding: chunked\r\n\r\n{Chunks(body, sizes, upper)}",
                _ => $"Connection: close\r\n\r\n{body}",
            };

    [Fact]
    public async Task However_an_answer_is_cut_it_is_the_same_as_the_runtimes_client_reads() =>
        await Check.SampleAsync(
            Gen.Select(Answer, Gen.Int[1, 200].Array[1, 6]),
            async (answer, cuts) =>
                Assert.Equal(
                    await ReadAsync(new SocketsHttpHandler { UseProxy = false }, answer, cuts),
                    await ReadAsync(new Http1Handler(new Http1Options()), answer, cuts)
                ),
            iter: 150,
            threads: 2
        );

    [Fact]
    public async Task Damaged_answers_are_read_or_refused_and_never_hang() =>
        await Check.SampleAsync(
            Gen.Select(Answer, Gen.Select(Gen.Int[0, 400], Gen.Char['\0', '\u00ff']).Array[1, 4], Gen.Int[1, 200].Array[1, 3]),
            async (answer, damages, cuts) =>
            {
                var damaged = new StringBuilder(answer);
                foreach (var (at, letter) in damages)
                {
                    damaged[at % damaged.Length] = letter;
                }

                var read = await ReadAsync(new Http1Handler(new Http1Options()), damaged.ToString(), cuts);

                Assert.DoesNotContain("OperationCanceled", read, StringComparison.Ordinal);
            },
            iter: 300,
            threads: 2
        );

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static string Chunks(string body, int[] sizes, bool upper)
    {
        var chunks = new StringBuilder();
        for (int at = 0, i = 0; at < body.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], body.Length - at);
            var digits = size.ToString(upper ? "X" : "x", CultureInfo.InvariantCulture);
            chunks.Append(CultureInfo.InvariantCulture, $"{digits}\r\n{body.AsSpan(at, size)}\r\n");
            at += size;
        }

        return chunks.Append("0\r\n\r\n").ToString();
    }

    private static async Task<string> ReadAsync(HttpMessageHandler handler, string answer, int[] cuts)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            for (int at = 0, i = 0; at < answer.Length; i++)
            {
                var size = Math.Min(cuts[i % cuts.Length], answer.Length - at);
                await connection.SayAsync(answer.Substring(at, size));
                at += size;
                await Task.Yield();
            }
        });
        using var http = new HttpMessageInvoker(handler);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address), patience.Token);
            var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated);
            var told = string.Join('|', headers.Select(header => $"{header.Key}={header.Value}"));
            // Not as text: damage may have named an encoding that there is not.
            using var body = new MemoryStream();
            await (await response.Content.ReadAsStreamAsync(patience.Token)).CopyToAsync(body, patience.Token);
            return $"{(int)response.StatusCode} {told} {Encoding.Latin1.GetString(body.ToArray())}";
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException)
        {
            return failed.GetType().Name;
        }
    }
}
