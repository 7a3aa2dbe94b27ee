using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Core.Contracts;

namespace Bifrost.Observability.RequestLog;

/// <summary>Writes how a cost was computed, see <see cref="LogRow.CostLines"/>. Amounts are nanodollars.</summary>
public static class CostText
{
    /// <summary>Null when there is nothing to tell.</summary>
    public static string? Of(Charge? charge) => charge is { Lines: { Count: > 0 } lines } ? Of(lines) : null;

    public static string Of(IReadOnlyList<ChargeLine> lines)
    {
        var text = new ArrayBufferWriter<byte>(64 * lines.Count);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("kind"u8, line.Meter);
                json.WriteNumber("quantity"u8, line.Quantity);
                if (line.Quantity != 0)
                {
                    json.WriteNumber("unit_price"u8, decimal.Round(line.Nanodollars / line.Quantity, 6));
                }

                json.WriteNumber("amount"u8, line.Nanodollars);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
