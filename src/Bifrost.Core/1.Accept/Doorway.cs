using System.Collections.Frozen;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIAudio;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Dialects.OpenAIEmbeddings;
using Bifrost.Wire.Dialects.OpenAIFiles;
using Bifrost.Wire.Dialects.OpenAIImages;
using Bifrost.Wire.Dialects.OpenAIModels;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Dialects.OpenAIVideos;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Accept;

/// <summary>One door: an operation and the dialect spoken there.</summary>
internal sealed record Door(string Method, string Path, Operation Operation, IDialect Dialect);

/// <summary>Where a request came in.</summary>
/// <param name="Door">Which door.</param>
/// <param name="SurfaceProvider">Provider that bare model names belong to here, or null.</param>
/// <param name="Id">The id in the path, or null.</param>
internal readonly record struct Entry(Door Door, string? SurfaceProvider, string? Id);

/// <summary>All inference routes. Each door exists under <c>/v1</c>, <c>/openai/v1</c> and <c>/openai</c> (and, for Azure-minded clients,
/// <c>/openai/openai</c>). Everything else under these prefixes is a 404 or 405 in the caller's dialect.</summary>
internal static class Doorway
{
    private const string OpenAI = "openai";

    private static readonly (string Prefix, string? Provider)[] Surfaces =
    [
        ("/v1", null),
        ("/openai/v1", OpenAI),
        ("/openai", OpenAI),
        ("/openai/openai/v1", OpenAI),
        ("/openai/openai", OpenAI),
    ];

    private static readonly Door[] Doors =
    [
        new("POST", "/chat/completions", Operation.Chat, OpenAIChatDialect.Instance),
        new("POST", "/completions", Operation.Completion, OpenAICompletionsDialect.Instance),
        new("POST", "/responses", Operation.Response, OpenAIResponsesDialect.Instance),
        new("GET", "/responses/{id}", Operation.ResponseGet, OpenAIResponsesDialect.Instance),
        new("POST", "/responses/{id}/cancel", Operation.ResponseCancel, OpenAIResponsesDialect.Instance),
        new("POST", "/embeddings", Operation.Embedding, OpenAIEmbeddingsDialect.Instance),
        new("POST", "/images/generations", Operation.ImageGeneration, OpenAIImagesDialect.Instance),
        new("POST", "/images/edits", Operation.ImageEdit, OpenAIImageEditsDialect.Instance),
        new("POST", "/audio/transcriptions", Operation.Transcription, OpenAITranscriptionDialect.Instance),
        new("POST", "/audio/translations", Operation.Translation, OpenAITranslationDialect.Instance),
        new("POST", "/files", Operation.FileUpload, OpenAIFilesDialect.Instance),
        new("GET", "/files", Operation.FileList, OpenAIFilesDialect.Instance),
        new("GET", "/files/{id}", Operation.FileGet, OpenAIFilesDialect.Instance),
        new("DELETE", "/files/{id}", Operation.FileDelete, OpenAIFilesDialect.Instance),
        new("GET", "/files/{id}/content", Operation.FileContent, OpenAIFilesDialect.Instance),
        new("POST", "/videos", Operation.VideoCreate, OpenAIVideosDialect.Instance),
        new("GET", "/videos", Operation.VideoList, OpenAIVideosDialect.Instance),
        new("GET", "/videos/{id}", Operation.VideoGet, OpenAIVideosDialect.Instance),
        new("GET", "/videos/{id}/content", Operation.VideoContent, OpenAIVideosDialect.Instance),
        new("DELETE", "/videos/{id}", Operation.VideoDelete, OpenAIVideosDialect.Instance),
        new("POST", "/videos/{id}/remix", Operation.VideoRemix, OpenAIVideoRemixDialect.Instance),
        new("GET", "/models", Operation.ModelList, OpenAIModelsDialect.Instance),
        new("GET", "/models/{id}", Operation.ModelGet, OpenAIModelsDialect.Instance),
    ];

    // Doors without an id are found by their whole path, as nearly all requests are.
    private static readonly FrozenDictionary<string, Entry[]> Exact = BuildExact();

    /// <summary>Whether a path is ours to answer, if only with a 404.</summary>
    public static bool Owns(string path)
    {
        foreach (var (prefix, _) in Surfaces)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/'))
            {
                return true;
            }
        }

        return false;
    }

    public static Outcome<Entry> Find(string method, string path)
    {
        path = path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
        if (!Exact.TryGetValue(path, out var entries))
        {
            return FindWithId(method, path);
        }

        foreach (var entry in entries)
        {
            if (entry.Door.Method == method)
            {
                return entry;
            }
        }

        return WrongMethod(method, path, entries);
    }

    private static Outcome<Entry> FindWithId(string method, string path)
    {
        List<Entry>? others = null;
        foreach (var (prefix, provider) in Surfaces)
        {
            if (!path.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var door in Doors)
            {
                if (!TryMatch(door.Path, path.AsSpan(prefix.Length), out var id))
                {
                    continue;
                }

                var entry = new Entry(door, provider, id);
                if (door.Method == method)
                {
                    return entry;
                }

                (others ??= []).Add(entry);
            }
        }

        return others is null
            ? new Fault(FaultKind.NotFound, $"There is nothing at {method} {Clip(path)}. The API is under /v1, /openai/v1 and /openai.")
            {
                Code = "unknown_url",
            }
            : WrongMethod(method, path, others);
    }

    private static bool TryMatch(string template, ReadOnlySpan<char> path, out string? id)
    {
        id = null;
        var at = template.IndexOf("{id}", StringComparison.Ordinal);
        if (at < 0 || !path.StartsWith(template.AsSpan(0, at), StringComparison.Ordinal))
        {
            return false;
        }

        var tail = template.AsSpan(at + 4);
        var rest = path[at..];
        if (rest.Length <= tail.Length || !rest.EndsWith(tail, StringComparison.Ordinal))
        {
            return false;
        }

        var middle = rest[..^tail.Length];
        // Only model names hold slashes.
        if (middle.Contains('/') && template != "/models/{id}")
        {
            return false;
        }

        id = middle.ToString();
        return true;
    }

    private static Fault WrongMethod(string method, string path, IReadOnlyList<Entry> entries)
    {
        var allowed = new string[entries.Count];
        for (var i = 0; i < allowed.Length; i++)
        {
            allowed[i] = entries[i].Door.Method;
        }

        return new Fault(FaultKind.MethodNotAllowed, $"{Clip(path)} does not take {method}; it takes {string.Join(" and ", allowed)}.")
        {
            Allow = string.Join(", ", allowed),
        };
    }

    private static string Clip(string path) => path.Length <= 120 ? path : path[..120] + "…";

    private static FrozenDictionary<string, Entry[]> BuildExact()
    {
        var exact = new Dictionary<string, Entry[]>(StringComparer.Ordinal);
        foreach (var (prefix, provider) in Surfaces)
        {
            foreach (var door in Doors)
            {
                if (!door.Path.Contains('{'))
                {
                    var path = prefix + door.Path;
                    exact[path] = [.. exact.GetValueOrDefault(path, []), new Entry(door, provider, null)];
                }
            }
        }

        return exact.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
