using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class LogPolicyTests
{
    private static readonly AnEndedExchange Said = new() { Answer = "an answer" };

    [Fact]
    public async Task Switched_off_nothing_is_kept()
    {
        await using var log = new ALog(policy: new LogConfig { Enabled = false });
        log.Take(Said);
        await log.FlushAsync();

        Assert.Empty(await log.Store.RowsAsync());
        Assert.Equal((0, 0), (log.Log.Drops.Rows, log.Log.Taken));
    }

    [Fact]
    public async Task Without_content_there_are_rows_and_nothing_of_what_was_said()
    {
        await using var log = new ALog(policy: new LogConfig { Content = false });
        log.Take(Said);

        Assert.Null(await log.OnlyContentAsync());
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public async Task A_virtual_key_decides_for_itself(bool gateway, bool? key, bool kept)
    {
        await using var log = new ALog(policy: new LogConfig { Content = gateway });
        log.Take(Said with { Caller = new ACaller { Keeps = key } });

        Assert.Equal(kept, await log.OnlyContentAsync() is not null);
    }

    [Fact]
    public async Task A_virtual_key_that_wants_content_gets_none_where_the_log_is_off()
    {
        await using var log = new ALog(policy: new LogConfig { Enabled = false });
        log.Take(Said with { Caller = new ACaller { Keeps = true } });
        await log.FlushAsync();

        Assert.Empty(await log.Store.RowsAsync());
    }

    [Fact]
    public async Task Content_is_cut_to_size_and_says_so()
    {
        await using var log = new ALog(policy: new LogConfig { ContentMaxKb = 1 });
        var words = string.Join(' ', Enumerable.Range(0, 1000));
        log.Take(Said with { Body = $$"""{"messages":[{"content":"{{words}}"}]}""", Answer = words });

        var content = (await log.OnlyContentAsync())!.Value;

        Assert.True(content.Payload.Truncated);
        Assert.InRange(content.Request.Length, 1000, 1024);
        Assert.InRange(content.Answer.Length, 1000, 1024);
        Assert.StartsWith("0 1 2 3", content.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_expression_means_that_nothing_is_kept_of_what_was_said_and_that_is_counted()
    {
        await using var log = new ALog(policy: new LogConfig { SecretPatterns = ["[unclosed"] });
        log.Take(3, Said);
        await log.FlushAsync();

        var rows = await log.Store.RowsAsync();
        Assert.Equal((3, 0), (rows.Count, rows.Count(r => r.HasPayload)));
        Assert.Equal(3, log.Log.Drops.ContentsBy(LogDropReason.NotRedacted));
    }

    [Fact]
    public async Task With_a_broken_expression_the_known_secrets_are_still_taken_out_of_the_row()
    {
        await using var log = new ALog(policy: new LogConfig { SecretPatterns = ["[unclosed"] });
        log.Take(new AnEndedExchange { Fault = new Fault(FaultKind.UpstreamError, "The key sk-abcdefgh12345678 was refused.") });

        Assert.Equal("The key *** was refused.", (await log.OnlyRowAsync()).Message);
    }

    [Theory]
    [InlineData(Operation.ModelList)]
    [InlineData(Operation.FileContent)]
    [InlineData(Operation.VideoContent)]
    public async Task Lists_and_files_are_rows_without_content(Operation operation)
    {
        await using var log = new ALog();
        log.Take(Said with { Operation = operation });

        Assert.Null(await log.OnlyContentAsync());
    }

    [Fact]
    public async Task Addresses_where_there_is_nothing_make_no_row()
    {
        await using var log = new ALog();
        log.Take(
            new AnEndedExchange
            {
                HasOperation = false,
                Sent = false,
                Fault = new Fault(FaultKind.NotFound, "There is nothing."),
            }
        );
        await log.FlushAsync();

        Assert.Empty(await log.Store.RowsAsync());
    }

    [Fact]
    public async Task Of_a_form_fields_are_kept_and_files_are_named()
    {
        await using var log = new ALog();
        log.Take(
            new AnEndedExchange
            {
                Operation = Operation.Transcription,
                ContentType = "multipart/form-data; boundary=b",
                Body =
                    "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nsay \"it\"\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFFdata\r\n--b--\r\n",
            }
        );

        Assert.Equal("""{"prompt":"say \"it\"","file":"[a.wav, audio/wav, 8 bytes]"}""", (await log.OnlyContentAsync())!.Value.Request);
    }
}
