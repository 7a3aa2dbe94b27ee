using System.Text;
using System.Text.Json;
using Bifrost.Admin.Http;
using Scalar.AspNetCore;

namespace Bifrost.Admin.Reference;

/// <summary>The API described: for programs as OpenAPI, for people as pages. Everything comes from this process; the pages' policy lets them load from nowhere
/// else.</summary>
internal sealed class ReferenceRoutes(string version)
{
    private const string Group = "Reference";
    private const string Script = "text/javascript; charset=utf-8";
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Bifrost management API</title>
        </head>
        <body>
        <div id="app"></div>
        <script src="/api/reference/scalar.js"></script>
        <script src="/api/reference/start.js"></script>
        </body>
        </html>

        """;

    private const string Start = """
        Scalar.createApiReference('#app', {
          url: '/api/openapi.json',
          withDefaultFonts: false,
          telemetry: false,
          hideModels: true,
          hideClientButton: true,
          showDeveloperTools: 'never',
          agent: { disabled: true },
          mcp: { disabled: true },
        });

        """;

    private byte[] _document = [];
    private Func<byte[]> _write = static () => [];

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/openapi.json", "This document.", _ => Task.FromResult(Sent(Document(), "application/json")))
            {
                Group = Group,
                Answer = "An OpenAPI 3.1 document.",
            },
            new("GET", "/api/reference", "The reference to read and try things in.", _ => TextAsync(Page, "text/html; charset=utf-8"))
            {
                Group = Group,
                Answer = "A page.",
            },
            new("GET", "/api/reference/start.js", "What starts the reference.", _ => TextAsync(Start, Script))
            {
                Group = Group,
                Answer = "A script.",
            },
            new("GET", "/api/reference/scalar.js", "What shows the reference.", ScriptAsync) { Group = Group, Answer = "A script." },
        ];

    /// <summary>Written when it is first asked for.</summary>
    public void Describe(IReadOnlyList<Route> routes) =>
        _write = () =>
            Encoding.UTF8.GetBytes(
                OpenApiDocument.Write(routes, version).ToJsonString(new JsonSerializerOptions(JsonSerializerDefaults.Web))
            );

    private byte[] Document() => _document is { Length: > 0 } ? _document : _document = _write();

    private static Task<Reply> TextAsync(string text, string type) => Task.FromResult(Sent(Encoding.UTF8.GetBytes(text), type));

    private static Reply Sent(byte[] bytes, string type) =>
        new(200, null)
        {
            Raw = bytes,
            ContentType = type,
            Policy = Policy,
        };

    // The package keeps its script packed, and every browser can unpack it.
    private static async Task<Reply> ScriptAsync(Call call)
    {
        await using var packed = typeof(ScalarOptions).Assembly.GetManifestResourceStream("ScalarStaticAssets.scalar.js")!;
        using var bytes = new MemoryStream();
        await packed.CopyToAsync(bytes, call.Cancel);
        return Sent(bytes.ToArray(), Script) with { ContentEncoding = "gzip" };
    }
}
