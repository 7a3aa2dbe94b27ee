using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bifrost.Observability.Metrics;

internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>Writes metrics as text, as Prometheus reads it, or as OpenMetrics wants it.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/</remarks>
internal sealed class ExpositionWriter(IBufferWriter<byte> to, bool openMetrics)
{
    private const decimal NanodollarsPerDollar = 1_000_000_000m;

    private byte[] _name = [];
    private int _stem;

    /// <summary>Starts a metric. All its samples must follow before the next.</summary>
    /// <param name="name">Ends in <c>_total</c> when and only when it is a counter.</param>
    /// <param name="type">What it is.</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, MetricType type, string help)
    {
        _name = Encoding.ASCII.GetBytes(name);
        _stem = openMetrics && type == MetricType.Counter ? _name.Length - "_total".Length : _name.Length;
        to.Write("# HELP "u8);
        to.Write(_name.AsSpan(0, _stem));
        to.Write(" "u8);
        to.Write(Encoding.UTF8.GetBytes(help));
        to.Write("\n# TYPE "u8);
        to.Write(_name.AsSpan(0, _stem));
        to.Write(
            type switch
            {
                MetricType.Counter => " counter\n"u8,
                MetricType.Gauge => " gauge\n"u8,
                _ => " histogram\n"u8,
            }
        );
    }

    public void Sample(ReadOnlySpan<byte> labels, long value)
    {
        Head(labels);
        Write(value);
        to.Write("\n"u8);
    }

    public void Sample(ReadOnlySpan<byte> labels, double value)
    {
        Head(labels);
        Write(value);
        to.Write("\n"u8);
    }

    /// <summary>With one label that the series' own text does not hold.</summary>
    public void Sample(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name, string value, long count)
    {
        Head(labels, name, Encoding.UTF8.GetBytes(value));
        Write(count);
        to.Write("\n"u8);
    }

    /// <summary>Nanodollars, shown as dollars, nothing rounded.</summary>
    public void Dollars(ReadOnlySpan<byte> labels, long nanodollars)
    {
        Head(labels);
        Write(nanodollars / NanodollarsPerDollar);
        to.Write("\n"u8);
    }

    public void Histogram(ReadOnlySpan<byte> labels, Histogram histogram)
    {
        var counts = histogram.Cumulative();
        var ends = histogram.Buckets.Ends;
        for (var i = 0; i < counts.Length; i++)
        {
            to.Write(_name);
            to.Write("_bucket{"u8);
            to.Write(labels);
            to.Write(labels.IsEmpty ? "le=\""u8 : ",le=\""u8);
            if (i == ends.Count)
            {
                to.Write("+Inf"u8);
            }
            else
            {
                WriteEnd(ends[i]);
            }

            to.Write("\"} "u8);
            Write(counts[i]);
            to.Write("\n"u8);
        }

        Head(labels, suffix: "_sum"u8);
        Write((decimal)histogram.Sum / histogram.Buckets.UnitsPerOne);
        to.Write("\n"u8);
        Head(labels, suffix: "_count"u8);
        Write(counts[^1]);
        to.Write("\n"u8);
    }

    public void End()
    {
        if (openMetrics)
        {
            to.Write("# EOF\n"u8);
        }
    }

    private void Head(
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<byte> name = default,
        ReadOnlySpan<byte> value = default,
        ReadOnlySpan<byte> suffix = default
    )
    {
        to.Write(_name);
        to.Write(suffix);
        if (!labels.IsEmpty || !name.IsEmpty)
        {
            to.Write("{"u8);
            to.Write(labels);
            if (!name.IsEmpty)
            {
                to.Write(labels.IsEmpty ? ""u8 : ","u8);
                to.Write(name);
                to.Write("=\""u8);
                to.Write(value);
                to.Write("\""u8);
            }

            to.Write("}"u8);
        }

        to.Write(" "u8);
    }

    private void WriteEnd(double end)
    {
        Write(end);
        // OpenMetrics wants bucket ends to be floats.
        if (openMetrics && end == Math.Floor(end))
        {
            to.Write(".0"u8);
        }
    }

    private void Write(long value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(24), out var written);
        to.Advance(written);
    }

    private void Write(decimal value)
    {
        value.TryFormat(to.GetSpan(40), out var written, "0.#########", System.Globalization.CultureInfo.InvariantCulture);
        to.Advance(written);
    }

    private void Write(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            to.Write(
                double.IsNaN(value) ? "NaN"u8
                : value > 0 ? "+Inf"u8
                : "-Inf"u8
            );
            return;
        }

        // Small numbers in full: an exponent is allowed and hard to read.
        var format = Math.Abs(value) is >= 1e-7 and < 1e15 or 0 ? "0.##########" : "R";
        value.TryFormat(to.GetSpan(40), out var written, format, System.Globalization.CultureInfo.InvariantCulture);
        to.Advance(written);
    }
}
