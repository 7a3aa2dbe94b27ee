namespace Bifrost.Governance.Prices;

/// <summary>How the kinds of rate are spelled in files, and which of them are sold by the million.</summary>
public static class RateKinds
{
    private static readonly string[] Spelled =
    [
        "input",
        "cache_read",
        "cache_write",
        "input_audio",
        "input_image",
        "output",
        "reasoning",
        "output_audio",
        "image",
        "video_second",
        "compute_second",
        "request",
    ];

    public static int Count => Spelled.Length;

    public static string Name(RateKind kind) => Spelled[(int)kind];

    public static bool TryParse(string name, out RateKind kind)
    {
        var at = Array.IndexOf(Spelled, name);
        kind = (RateKind)at;
        return at >= 0;
    }

    /// <summary>Token prices are written per million tokens, every other price per one.</summary>
    public static bool IsTokens(RateKind kind) => kind <= RateKind.OutputAudio;

    /// <summary>The price of one, from the price as it is written: per million for tokens. False if negative or finer than a picodollar.</summary>
    public static bool TryPrice(RateKind kind, decimal usd, out Money money) =>
        (IsTokens(kind) ? Money.TryPerMillion(usd, out money) : Money.TryFromUsd(usd, out money)) && money >= Money.Zero;
}
