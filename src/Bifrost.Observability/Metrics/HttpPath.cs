using Bifrost.Core;
using Bifrost.Core.Contracts;

namespace Bifrost.Observability.Metrics;

/// <summary>The path of a request without the ids in it: there are few of them, whatever callers ask.</summary>
public static class HttpPath
{
    public const string Unknown = "unknown";

    private static readonly string[] Plain = [.. Enum.GetValues<Operation>().Select(o => "/v1" + Rest(o))];
    private static readonly string[] OpenAI = [.. Enum.GetValues<Operation>().Select(o => "/openai/v1" + Rest(o))];

    /// <summary>The path at the plain door.</summary>
    public static string Of(Operation operation) => Plain[(int)operation];

    /// <summary>The <c>/openai</c> doors are one, with or without <c>/v1</c>.</summary>
    public static string Of(Exchange exchange) =>
        !exchange.HasOperation ? Unknown : (exchange.SurfaceProvider is null ? Plain : OpenAI)[(int)exchange.Operation];

    private static string Rest(Operation operation) =>
        operation switch
        {
            Operation.Chat => "/chat/completions",
            Operation.Completion => "/completions",
            Operation.Response => "/responses",
            Operation.ResponseGet => "/responses/{id}",
            Operation.ResponseCancel => "/responses/{id}/cancel",
            Operation.Embedding => "/embeddings",
            Operation.ImageGeneration => "/images/generations",
            Operation.ImageEdit => "/images/edits",
            Operation.Transcription => "/audio/transcriptions",
            Operation.Translation => "/audio/translations",
            Operation.FileUpload or Operation.FileList => "/files",
            Operation.FileGet or Operation.FileDelete => "/files/{id}",
            Operation.FileContent => "/files/{id}/content",
            Operation.VideoCreate or Operation.VideoList => "/videos",
            Operation.VideoGet or Operation.VideoDelete => "/videos/{id}",
            Operation.VideoContent => "/videos/{id}/content",
            Operation.VideoRemix => "/videos/{id}/remix",
            Operation.ModelList => "/models",
            Operation.ModelGet => "/models/{id}",
            _ => "/" + Unknown,
        };
}
