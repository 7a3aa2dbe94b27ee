using Bifrost.Core.Contracts;
using Bifrost.Providers.Credentials;
using Bifrost.Wire.Dialects.OpenAIAudio;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Dialects.OpenAICompletions;
using Bifrost.Wire.Dialects.OpenAIEmbeddings;
using Bifrost.Wire.Dialects.OpenAIFiles;
using Bifrost.Wire.Dialects.OpenAIImages;
using Bifrost.Wire.Dialects.OpenAIResponses;
using Bifrost.Wire.Dialects.OpenAIVideos;

namespace Bifrost.Providers.OpenAI;

/// <summary>OpenAI, and by configuration any server that speaks its API.</summary>
public sealed class OpenAIProvider : Provider
{
    // What OpenAI names its own models with; a bare name that begins so is meant for it.
    private static readonly string[] Families =
    [
        "gpt-",
        "chatgpt-",
        "o1",
        "o3",
        "o4",
        "text-embedding-",
        "dall-e-",
        "whisper-1",
        "tts-1",
        "sora-",
        "davinci-",
        "babbage-",
        "codex-",
        "computer-use-",
        "omni-moderation-",
    ];

    public override string Id => "openai";

    public override Uri Home { get; } = new("https://api.openai.com/v1/");

    public override ICredentialScheme Credentials => BearerToken.Instance;

    public override IReadOnlyList<string> TokenVariables { get; } = ["OPENAI_API_KEY", "OPENAI_KEY"];

    public override string? BaseUrlVariable => "OPENAI_BASE_URL";

    public override IModelSource Models { get; } = new OpenAIModelSource();

    public override IReadOnlyList<Offer> Offers { get; } =
    [
        new HttpOffer(Operation.Chat, OpenAIChatDialect.Instance, HttpMethod.Post, "chat/completions"),
        new HttpOffer(Operation.Completion, OpenAICompletionsDialect.Instance, HttpMethod.Post, "completions"),
        new HttpOffer(Operation.Response, OpenAIResponsesDialect.Instance, HttpMethod.Post, "responses"),
        new HttpOffer(Operation.ResponseGet, OpenAIResponsesDialect.Instance, HttpMethod.Get, "responses/{id}"),
        new HttpOffer(Operation.ResponseCancel, OpenAIResponsesDialect.Instance, HttpMethod.Post, "responses/{id}/cancel"),
        new HttpOffer(Operation.Embedding, OpenAIEmbeddingsDialect.Instance, HttpMethod.Post, "embeddings"),
        new HttpOffer(Operation.ImageGeneration, OpenAIImagesDialect.Instance, HttpMethod.Post, "images/generations"),
        new HttpOffer(Operation.ImageEdit, OpenAIImageEditsDialect.Instance, HttpMethod.Post, "images/edits"),
        new HttpOffer(Operation.Transcription, OpenAITranscriptionDialect.Instance, HttpMethod.Post, "audio/transcriptions"),
        new HttpOffer(Operation.Translation, OpenAITranslationDialect.Instance, HttpMethod.Post, "audio/translations"),
        new HttpOffer(Operation.FileUpload, OpenAIFilesDialect.Instance, HttpMethod.Post, "files"),
        new HttpOffer(Operation.FileList, OpenAIFilesDialect.Instance, HttpMethod.Get, "files"),
        new HttpOffer(Operation.FileGet, OpenAIFilesDialect.Instance, HttpMethod.Get, "files/{id}"),
        new HttpOffer(Operation.FileDelete, OpenAIFilesDialect.Instance, HttpMethod.Delete, "files/{id}"),
        new HttpOffer(Operation.FileContent, OpenAIFilesDialect.Instance, HttpMethod.Get, "files/{id}/content"),
        new HttpOffer(Operation.VideoCreate, OpenAIVideosDialect.Instance, HttpMethod.Post, "videos"),
        new HttpOffer(Operation.VideoList, OpenAIVideosDialect.Instance, HttpMethod.Get, "videos"),
        new HttpOffer(Operation.VideoGet, OpenAIVideosDialect.Instance, HttpMethod.Get, "videos/{id}"),
        new HttpOffer(Operation.VideoContent, OpenAIVideosDialect.Instance, HttpMethod.Get, "videos/{id}/content"),
        new HttpOffer(Operation.VideoDelete, OpenAIVideosDialect.Instance, HttpMethod.Delete, "videos/{id}"),
        new HttpOffer(Operation.VideoRemix, OpenAIVideoRemixDialect.Instance, HttpMethod.Post, "videos/{id}/remix"),
    ];

    /// <summary>Servers that speak this API live under <c>/v1</c> nearly without exception, and people write the address without it.</summary>
    public override Uri BaseOf(Uri configured) =>
        configured.AbsolutePath is "/" or "" ? new Uri(configured, "/v1/") : base.BaseOf(configured);

    public override bool Knows(string model)
    {
        foreach (var family in Families)
        {
            if (model.StartsWith(family, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // OpenAI's keys begin with sk- and have been 51 characters and longer since there are any.
    public override bool LooksLikeKey(string credential) =>
        credential.StartsWith("sk-", StringComparison.Ordinal)
        && credential.Length >= 40
        && !credential.StartsWith("sk-bf-", StringComparison.Ordinal);
}
