using System.Text.Json;
using Bifrost.Wire.Canonical.Models;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Models that are listed without asking anybody: those we have schemas of, then other well-known ones. The list is the embedded
/// <c>SeedModels.json</c>.</summary>
public static class SeedModels
{
    /// <summary>Ids begin with <c>replicate/</c>. Operations are in the words chat, completion, image_generation, image_edit, video_generation,
    /// transcription and translation.</summary>
    public static IReadOnlyList<ModelEntry> All { get; } = Load();

    private static int SeedCount { get; set; }

    /// <summary>Whether a schema of this <c>owner/name</c> is embedded.</summary>
    internal static bool IsSeed(string slug)
    {
        for (var i = 0; i < SeedCount; i++)
        {
            if (All[i].Id.AsSpan(Prefix.Length).SequenceEqual(slug))
            {
                return true;
            }
        }

        return false;
    }

    private const string Prefix = "replicate/";

    private static List<ModelEntry> Load()
    {
        using var document = Resources.Open("Schema.SeedModels.json");
        var models = new List<ModelEntry>();
        Read(document.RootElement.GetProperty("seeds"), models);
        SeedCount = models.Count;
        Read(document.RootElement.GetProperty("others"), models);
        return models;
    }

    private static void Read(JsonElement list, List<ModelEntry> models)
    {
        foreach (var model in list.EnumerateObject())
        {
            var operations = new List<string>(model.Value.GetArrayLength());
            foreach (var operation in model.Value.EnumerateArray())
            {
                operations.Add(operation.GetString()!);
            }

            var owner = model.Name[..model.Name.IndexOf('/', StringComparison.Ordinal)];
            models.Add(new ModelEntry(Prefix + model.Name, owner, null) { Operations = operations });
        }
    }
}
