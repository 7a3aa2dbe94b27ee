using System.Buffers;
using System.Text;
using Bifrost.Core.Deliver;
using CsCheck;

namespace Bifrost.Core.Tests.Governed;

public sealed class OwnUsageFilterTests
{
    private const string Came = """
        : hello

        data: {"choices":[{"delta":{"content":"say \"usage\":null"}}],"usage":null}

        data: { "usage" : null , "choices": [{"delta":{"content":"é"}}]}

        data: {"choices": [ ], "usage": {"prompt_tokens": 1}}

        data: {"choices":[],"prompt_filter_results":[]}

        data: [DONE]


        """;

    private const string Wanted = """
        : hello

        data: {"choices":[{"delta":{"content":"say \"usage\":null"}}]}

        data: {"choices": [{"delta":{"content":"é"}}]}

        data: {"choices":[],"prompt_filter_results":[]}

        data: [DONE]


        """;

    [Fact]
    public void However_the_bytes_are_cut_only_the_gateways_own_is_taken_out() =>
        Gen.Int[1, 40]
            .Array[1, 60]
            .Sample(sizes =>
            {
                using var filter = new OwnUsageFilter();
                var output = new ArrayBufferWriter<byte>();
                var rest = Encoding.UTF8.GetBytes(Came).AsSpan();
                foreach (var size in sizes)
                {
                    var piece = rest[..Math.Min(size, rest.Length)];
                    filter.Pass(piece, output);
                    rest = rest[piece.Length..];
                }

                filter.Pass(rest, output);
                filter.End(output);

                Assert.Equal(Wanted, Encoding.UTF8.GetString(output.WrittenSpan));
                Assert.True(filter.BetweenEvents);
            });
}
