using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Web.Hosting;

/// <summary>A file that pages need, kept inside the assembly, packed. Its address carries a hash of its content, so that a browser asks once for each version.</summary>
internal sealed class Asset
{
    public const string Icon = "icon.svg";

    private static readonly FrozenDictionary<string, Asset> All = new Asset[]
    {
        new("app.css", "text/css; charset=utf-8"),
        new("app.js", "text/javascript; charset=utf-8"),
        new("theme.js", "text/javascript; charset=utf-8"),
        new("blazor.web.js", "text/javascript; charset=utf-8"),
        new(Icon, "image/svg+xml"),
    }.ToFrozenDictionary(a => "/" + a._name);

    private readonly string _name;
    private readonly string _type;
    private readonly string _tag;
    private readonly byte[] _packed;

    private Asset(string name, string type)
    {
        (_name, _type) = (name, type);
        using var resource =
            typeof(Asset).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        _packed = new byte[resource.Length];
        resource.ReadExactly(_packed);
        _tag = Convert.ToHexStringLower(SHA256.HashData(_packed))[..12];
    }

    /// <summary>Relative to the pages' root.</summary>
    public static string Address(string name) => $"{name}?v={All["/" + name]._tag}";

    public static Asset? Find(string path) => All.GetValueOrDefault(path);

    public async Task SendAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.ETag = $"\"{_tag}\"";
        response.Headers.CacheControl = request.Query["v"] == _tag ? "public, max-age=31536000, immutable" : "no-cache";
        if (request.Headers.IfNoneMatch == response.Headers.ETag)
        {
            response.StatusCode = 304;
            return;
        }

        response.Headers.Vary = "Accept-Encoding";
        var bytes = _packed;
        if (request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "gzip";
        }
        else
        {
            bytes = Plain();
        }

        response.ContentType = _type;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }

    /// <summary>For those who cannot unpack it themselves, which no browser is.</summary>
    private byte[] Plain()
    {
        using var plain = new MemoryStream();
        using var packed = new GZipStream(new MemoryStream(_packed), CompressionMode.Decompress);
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
