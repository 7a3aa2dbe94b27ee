using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>A numbered story: the same number always tells the same, so whoever asks for it knows every character.</summary>
internal static partial class Tale
{
    private static readonly string[] Odd = ["\n", "\n\n", " ", "🙂", "é", "日本", "data: ", "[DONE]", "\t", "}"];

    public static string PromptFor(int number) => $"Tell tale {number.ToString(CultureInfo.InvariantCulture)}.";

    /// <summary>The number in whatever a model was asked.</summary>
    public static int NumberIn(string prompt) => int.Parse(Numbered().Match(prompt).Groups[1].Value, CultureInfo.InvariantCulture);

    public static string[] PiecesOf(int number)
    {
        var dice = new Random(number);
        var pieces = new string[dice.Next(3, 40)];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = dice.Next(4) == 0 ? Odd[dice.Next(Odd.Length)] : $" {number}.{i}";
        }

        return pieces;
    }

    public static string Of(int number) => string.Concat(PiecesOf(number));

    /// <summary>The story as an OpenAI chat stream: the bytes of each event.</summary>
    public static byte[][] EventsOf(int number) =>
        [
            .. PiecesOf(number)
                .Select(piece => Encoding.UTF8.GetBytes($"data: {{\"choices\":[{{\"index\":0,\"delta\":{Delta(piece)}}}]}}\n\n")),
            "data: [DONE]\n\n"u8.ToArray(),
        ];

    private static string Delta(string piece) => new System.Text.Json.Nodes.JsonObject { ["content"] = piece }.ToJsonString();

    [GeneratedRegex(@"Tell tale (\d+)\.")]
    private static partial Regex Numbered();
}
