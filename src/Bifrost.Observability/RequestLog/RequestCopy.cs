using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Framing;

namespace Bifrost.Observability.RequestLog;

/// <summary>Copies what was asked, while its buffer is still there. Of a form its fields are kept, as JSON, and of files in it name and size.</summary>
internal static class RequestCopy
{
    private const int LongestField = 8 << 10;

    /// <summary>Null without a body.</summary>
    public static ContentCopy? Of(Exchange exchange, int limit)
    {
        if (exchange.Body.IsEmpty)
        {
            return null;
        }

        var copy = new ContentCopy(limit);
        var type = exchange.Http.Request.ContentType;
        if (!MultipartForm.IsMultipart(type))
        {
            copy.Write(exchange.Body.Span);
        }
        else if (MultipartForm.Parse(exchange.Body, type).Value is { } form)
        {
            Write(form, copy);
        }
        else
        {
            copy.Write("[a form that cannot be read]"u8);
        }

        return copy;
    }

    private static void Write(MultipartForm form, ContentCopy copy)
    {
        copy.Write("{"u8);
        for (var i = 0; i < form.Parts.Count && copy.TakesMore; i++)
        {
            var part = form.Parts[i];
            copy.Write(i == 0 ? "\""u8 : ",\""u8);
            copy.Write(Escaped(part.Name));
            copy.Write("\":\""u8);
            copy.Write(Escaped(ValueOf(form, part)));
            copy.Write("\""u8);
        }

        copy.Write("}"u8);
    }

    private static string ValueOf(MultipartForm form, MultipartPart part)
    {
        if (part.IsFile || part.Length > LongestField || !form.TryText(part, out var text))
        {
            return $"[{part.BareFileName ?? "file"}, {part.ContentType ?? "no type"}, {part.Length} bytes]";
        }

        return text;
    }

    private static byte[] Escaped(string text) => Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
}
