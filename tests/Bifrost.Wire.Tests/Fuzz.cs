using System.Globalization;
using System.Text;

namespace Bifrost.Wire.Tests;

/// <summary>How long fuzz tests run, and what they feed. <c>BIFROST_FUZZ</c> is the number of iterations of each; the nightly run sets
/// 1000000. A failure names the seed, and <c>BIFROST_FUZZ_SEED</c> starts there again.</summary>
internal static class Fuzz
{
    public static int Iterations { get; } = Or(400);

    /// <summary>As many as were asked for, else what a test finds enough for everyday.</summary>
    public static int Or(int everyday) => Number("BIFROST_FUZZ") ?? everyday;

    /// <summary>Calls <paramref name="test"/> with bytes made from the samples: flipped, cut, doubled, spliced, or thrown dice.</summary>
    public static void Run(IReadOnlyList<string> samples, Action<byte[]> test)
    {
        var first = Number("BIFROST_FUZZ_SEED") ?? 1;
        for (var seed = first; seed < first + Iterations; seed++)
        {
            var bytes = Make(new Random(seed), samples);
            try
            {
                test(bytes);
            }
            catch (Exception broken)
            {
                Assert.Fail($"Seed {seed}, input {Convert.ToBase64String(bytes)}: {broken}");
            }
        }
    }

    private static byte[] Make(Random dice, IReadOnlyList<string> samples)
    {
        if (dice.Next(20) == 0)
        {
            var noise = new byte[dice.Next(200)];
            dice.NextBytes(noise);
            return noise;
        }

        var bytes = new List<byte>(Encoding.UTF8.GetBytes(samples[dice.Next(samples.Count)]));
        for (var changes = dice.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            Change(dice, bytes, samples);
        }

        return [.. bytes];
    }

    private static void Change(Random dice, List<byte> bytes, IReadOnlyList<string> samples)
    {
        string[] tokens =
        [
            "null",
            "{}",
            "[]",
            "\"\"",
            "-1",
            "1e999",
            "true",
            "\\ud800",
            "\\u0000",
            "\n\n",
            "\r",
            "data: ",
            "[DONE]",
            "99999999999999999999",
        ];
        var at = dice.Next(bytes.Count);
        switch (dice.Next(6))
        {
            case 0:
                bytes[at] = (byte)dice.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(dice.Next(1, 20), bytes.Count - at));
                break;
            case 2:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(tokens[dice.Next(tokens.Length)]));
                break;
            case 3:
                ReplaceValue(dice, bytes, tokens[dice.Next(tokens.Length)]);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(dice.Next(1, 60), bytes.Count - at)));
                break;
            default:
                var other = Encoding.UTF8.GetBytes(samples[dice.Next(samples.Count)]);
                bytes.InsertRange(at, other.AsSpan(dice.Next(other.Length)).ToArray());
                break;
        }
    }

    // Most blind changes only break the syntax; this one keeps it and gives a member a value of another type.
    private static void ReplaceValue(Random dice, List<byte> bytes, string token)
    {
        var colon = bytes.IndexOf((byte)':', dice.Next(bytes.Count));
        if (colon < 0)
        {
            return;
        }

        var end = bytes.FindIndex(colon, static b => b is (byte)',' or (byte)'}' or (byte)']');
        if (end > colon)
        {
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(token));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
