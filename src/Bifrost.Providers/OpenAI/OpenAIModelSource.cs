using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.OpenAI;

/// <summary><c>GET models</c> of a server that speaks OpenAI's API.</summary>
internal sealed class OpenAIModelSource : IModelSource
{
    private const int MaxModels = 5000;

    public IReadOnlyList<ModelEntry> Seeds => [];

    public async ValueTask<Outcome<IReadOnlyList<ModelEntry>>> ListAsync(ProviderModel provider, KeyModel key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(provider.Base, "models"));
        provider.Kind.Credentials.Apply(request.Headers, key);
        try
        {
            using var response = await provider.Http.SendAsync(request, cancel);
            if (!response.IsSuccessStatusCode)
            {
                return new Fault(
                    FaultKind.UpstreamError,
                    $"{provider.Id} refused to list its models with status {(int)response.StatusCode}."
                );
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            using var document = await JsonDocument.ParseAsync(body, default, cancel);
            return Outcome<IReadOnlyList<ModelEntry>>.Of(Read(document.RootElement));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or JsonException)
        {
            return new Fault(FaultKind.UpstreamError, $"{provider.Id} did not list its models: {failed.Message}") { Cause = failed };
        }
    }

    private static List<ModelEntry> Read(JsonElement root)
    {
        var entries = new List<ModelEntry>();
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in data.EnumerateArray().Take(MaxModels))
            {
                if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
                {
                    entries.Add(new ModelEntry(id.GetString()!, OwnerOf(item), CreatedOf(item)));
                }
            }
        }

        return entries;
    }

    private static string OwnerOf(JsonElement item) =>
        item.TryGetProperty("owned_by", out var owner) && owner.ValueKind == JsonValueKind.String ? owner.GetString()! : "unknown";

    private static DateTimeOffset? CreatedOf(JsonElement item) =>
        item.TryGetProperty("created", out var created) && created.TryGetInt64Safe(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

file static class JsonNumbers
{
    public static bool TryGetInt64Safe(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) && number is > 0 and < 32503680000;
    }
}
