using System.Text.Json;
using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Tests.Prices;

/// <summary>The files embedded in this test program: the fixtures, and the project's own price books under <c>books/</c>.</summary>
internal static class Files
{
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(Files).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static JsonElement Json(string name) => JsonDocument.Parse(Bytes(name)).RootElement;

    public static byte[] Catalogue()
    {
        using var stream = typeof(PriceCatalogue).Assembly.GetManifestResourceStream("catalogue.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
