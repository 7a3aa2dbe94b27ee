namespace Bifrost.Simulator;

/// <summary>The few letters the stamp needs, five by seven pixels each.</summary>
internal static class PixelFont
{
    public const int Height = 7;
    private const int Advance = 6;

    public static int WidthOf(string text) => text.Length * Advance - 1;

    /// <summary>Calls <paramref name="paint"/> for every pixel that is set. Letters without a shape stay blank.</summary>
    public static void Write(string text, Action<int, int> paint)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var rows = ShapeOf(text[i]);
            for (var y = 0; y < rows.Length; y++)
            {
                for (var x = 0; x < 5; x++)
                {
                    if ((rows[y] >> (4 - x) & 1) != 0)
                    {
                        paint(i * Advance + x, y);
                    }
                }
            }
        }
    }

    private static ReadOnlySpan<byte> ShapeOf(char letter) =>
        letter switch
        {
            'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
            'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
            'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
            'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
            'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
            'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
            'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
            'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
            'D' => [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
            _ => [],
        };
}
