using Bifrost.Core.Contracts;
using Bifrost.Providers.Credentials;
using Bifrost.Providers.OpenAI;
using Bifrost.Wire.Dialects.OpenAIAudio;
using Bifrost.Wire.Dialects.OpenAIChat;

namespace Bifrost.Providers.Tests.HowTo;

/// <summary>Groq: open models, answered fast.</summary>
public sealed class GroqProvider : Provider
{
    public override string Id => "groq";

    public override Uri Home { get; } = new("https://api.groq.com/openai/v1/");

    public override ICredentialScheme Credentials => BearerToken.Instance;

    public override IReadOnlyList<string> TokenVariables { get; } = ["GROQ_API_KEY"];

    public override IModelSource Models { get; } = new OpenAIModelSource();

    public override IReadOnlyList<Offer> Offers { get; } =
    [
        new HttpOffer(Operation.Chat, OpenAIChatDialect.Instance, HttpMethod.Post, "chat/completions"),
        new HttpOffer(Operation.Transcription, OpenAITranscriptionDialect.Instance, HttpMethod.Post, "audio/transcriptions"),
    ];

    public override bool LooksLikeKey(string credential) => credential.StartsWith("gsk_", StringComparison.Ordinal);
}
