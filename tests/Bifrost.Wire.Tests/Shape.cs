using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Bifrost.Wire.Tests;

/// <summary>Writes any value out in full, so that two can be compared: records with lists in them are equal by reference only.</summary>
internal static class Shape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string quoted:
                text.Append('"').Append(quoted).Append('"');
                break;
            case JsonElement json:
                text.Append(JsonSerializer.Serialize(json));
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case IFormattable plain:
                text.Append(plain.ToString(null, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                text.Append(flag);
                break;
            case IEnumerable items:
                WriteAll(items, text);
                break;
            default:
                WriteMembers(value, text);
                break;
        }
    }

    private static void WriteAll(IEnumerable items, StringBuilder text)
    {
        text.Append('[');
        foreach (var item in items)
        {
            Write(item, text);
            text.Append(", ");
        }

        text.Append(']');
    }

    private static void WriteMembers(object value, StringBuilder text)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var member in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (member.GetIndexParameters().Length == 0)
            {
                text.Append(member.Name).Append('=');
                Write(member.GetValue(value), text);
                text.Append("; ");
            }
        }

        text.Append('}');
    }
}
