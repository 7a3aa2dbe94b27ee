using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Server.Start;

/// <summary>What the page at <c>/</c> shows.</summary>
/// <param name="Address">From <see cref="LandingAddress"/>.</param>
/// <param name="Ready">Providers that can be called.</param>
/// <param name="Variables">For each kind of provider the environment variable that would give it a key.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Demo">Everything answered is simulated.</param>
internal sealed record LandingView(
    string Address,
    IReadOnlyList<ReadyProvider> Ready,
    IReadOnlyList<string> Variables,
    string Version,
    bool Demo
);

/// <summary>The page at <c>/</c>: that it runs, a first request to copy, and what is ready. One file, nothing fetched, works without JavaScript.</summary>
internal static class LandingPage
{
    public const string ContentType = "text/html; charset=utf-8";

    private static readonly Lazy<string> Template = new(ReadTemplate);

    /// <summary>For the <c>Content-Security-Policy</c> header: the page's own style and script, by their hashes, and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        "default-src 'none'; img-src data:; "
        + $"style-src '{HashOf("style")}'; script-src '{HashOf("script")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>UTF-8. Everything in <paramref name="view"/> is encoded.</summary>
    public static byte[] Render(LandingView view)
    {
        var request = FirstRequest.For(view);
        var page = new StringBuilder(Template.Value)
            .Replace("{{title}}", view.Demo ? " (simulation)" : "")
            .Replace("{{version}}", Encode(view.Version))
            .Replace("{{notice}}", Notice(view))
            .Replace("{{curl}}", Encode(request.Curl))
            .Replace("{{python}}", Encode(request.Python))
            .Replace("{{javascript}}", Encode(request.JavaScript))
            .Replace("{{csharp}}", Encode(request.CSharp))
            .Replace("{{providers}}", Providers(view))
            .Replace("{{address}}", Encode(view.Address));
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static string Notice(LandingView view)
    {
        if (view.Demo)
        {
            return """<div class="note" role="note"><p><strong>SIMULATION.</strong> Everything answered here is made up by the built-in simulator. No provider is called, nothing is charged.</p></div>""";
        }

        return view.Ready.Count > 0
            ? ""
            : $"""<div class="note" role="note"><p><strong>No provider is ready yet.</strong> Set {Either(view.Variables)} and start Bifrost again, write keys into <code>config.json</code>, or send a key of your own with each request, as below.</p></div>""";
    }

    private static string Providers(LandingView view)
    {
        if (view.Ready.Count == 0)
        {
            return "<div><dt>None yet</dt><dd>no key is configured</dd></div>";
        }

        var rows = view.Ready.Select(p => $"<div><dt>{Encode(p.Name)}</dt><dd>{Encode(view.Demo ? "simulated" : p.Credential)}</dd></div>");
        return string.Join('\n', rows);
    }

    private static string Either(IReadOnlyList<string> variables) =>
        string.Join(" or ", variables.Select(v => $"<code>{Encode(v)}</code>"));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string HashOf(string element)
    {
        var page = Template.Value;
        var from = page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var to = page.IndexOf($"</{element}>", from, StringComparison.Ordinal);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[from..to])));
    }

    private static string ReadTemplate()
    {
        using var stream = typeof(LandingPage).Assembly.GetManifestResourceStream("LandingPage.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Browsers hash what they parsed, with plain line feeds.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
