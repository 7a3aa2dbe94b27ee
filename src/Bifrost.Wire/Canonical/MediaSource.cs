namespace Bifrost.Wire.Canonical;

/// <summary>Where a picture, sound or file is to be had.</summary>
public abstract record MediaSource;

/// <summary>At an address. Not fetched by whoever holds this; http(s) only, checked when read.</summary>
public sealed record UrlSource(string Url) : MediaSource;

/// <summary>In the request itself (data URL, base64 or a multipart part).</summary>
/// <param name="Bytes">The decoded content.</param>
/// <param name="MediaType">As declared by the caller, for instance <c>image/png</c>.</param>
/// <param name="FileName">As declared by the caller, or null.</param>
public sealed record InlineSource(ReadOnlyMemory<byte> Bytes, string MediaType, string? FileName = null) : MediaSource;

/// <summary>Uploaded before, under this id (as the caller knows it).</summary>
public sealed record FileIdSource(string FileId) : MediaSource;
