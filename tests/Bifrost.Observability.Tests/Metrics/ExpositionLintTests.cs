using Bifrost.Testing.Exposition;

namespace Bifrost.Observability.Tests.Metrics;

/// <summary>The lint that all pages are held against does find what is wrong.</summary>
public sealed class ExpositionLintTests
{
    private const string Fine = """
        # HELP a_total A.
        # TYPE a_total counter
        a_total{b="c \"d\" \\ \n"} 1
        # HELP h_seconds H.
        # TYPE h_seconds histogram
        h_seconds_bucket{le="1"} 1
        h_seconds_bucket{le="+Inf"} 2
        h_seconds_sum 3.5
        h_seconds_count 2

        """;

    [Fact]
    public void A_sound_page_passes() => Assert.Empty(ExpositionLint.Mistakes(Fine, openMetrics: false));

    [Theory]
    [InlineData("# HELP a_total A.\n", "")]
    [InlineData("# TYPE a_total counter\n", "")]
    [InlineData("# TYPE a_total counter", "# TYPE a_total gauge")]
    [InlineData("# TYPE a_total counter", "# TYPE a_total number")]
    [InlineData("a_total{", "b_total{")]
    [InlineData("A.", "")]
    [InlineData("a_total", "aCount_total")]
    [InlineData("a_total", "a_milliseconds_total")]
    [InlineData("a_total", "a_bytes_read_total")]
    [InlineData("a_total", "a_counter_total")]
    [InlineData("h_seconds", "h_seconds_sum")]
    [InlineData("{b=", "{__b=")]
    [InlineData("{b=", "{request_id=")]
    [InlineData("{b=", "{b=\"x\",b=")]
    [InlineData("c \\\"d", "c \"d")]
    [InlineData("\"c \\\"d\\\" \\\\ \\n\"", "\"123e4567-e89b-12d3-a456-426614174000\"")]
    [InlineData("\"c \\\"d\\\" \\\\ \\n\"", "\"1767225600\"")]
    [InlineData("\"} 1", "\"} -1")]
    [InlineData("\"} 1", "\"} one")]
    [InlineData("\"} 1", "\"} 1 1767225600")]
    [InlineData("h_seconds_bucket{le=\"+Inf\"} 2\n", "")]
    [InlineData("le=\"+Inf\"} 2", "le=\"+Inf\"} 0")]
    [InlineData("le=\"1\"", "le=\"+Inf\"")]
    [InlineData("h_seconds_count 2", "h_seconds_count 3")]
    [InlineData("h_seconds_sum 3.5\n", "")]
    [InlineData("h_seconds_count 2\n", "h_seconds_count 2\nh_seconds_count 2\n")]
    [InlineData("h_seconds_count 2\n", "h_seconds_count 2")]
    [InlineData("# HELP h", "\n# HELP h")]
    [InlineData("h_seconds_count 2\n", "h_seconds_count 2\n# HELP a_total A.\n# TYPE a_total counter\n")]
    public void Each_mistake_is_found(string right, string wrong)
    {
        Assert.Contains(right, Fine, StringComparison.Ordinal);

        Assert.NotEmpty(ExpositionLint.Mistakes(Fine.Replace(right, wrong, StringComparison.Ordinal), openMetrics: false));
    }

    [Fact]
    public void OpenMetrics_has_an_end_and_names_counters_without_their_suffix()
    {
        Assert.NotEmpty(ExpositionLint.Mistakes(Fine, openMetrics: true));
        Assert.Empty(
            ExpositionLint.Mistakes(
                Fine.Replace("# HELP a_total", "# HELP a", StringComparison.Ordinal)
                    .Replace("# TYPE a_total", "# TYPE a", StringComparison.Ordinal) + "# EOF\n",
                openMetrics: true
            )
        );
    }
}
