namespace Bifrost.Providers.Replicate;

/// <summary>The API's address, as people write it.</summary>
internal static class ReplicateAddress
{
    /// <summary>With or without <c>/v1</c> and slash: Replicate's own Python client leaves the version out, its JavaScript client does not.</summary>
    public static Uri BaseOf(Uri configured)
    {
        var text = configured.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(new Uri(text).AbsolutePath is "/" or "" ? $"{text}/v1/" : $"{text}/");
    }

    public static string? DoubtAbout(Uri baseUrl) =>
        baseUrl.Host.Equals("api.replicate.ai", StringComparison.OrdinalIgnoreCase)
            ? "api.replicate.ai is not known to be an address of Replicate; its API is at api.replicate.com."
            : null;
}
