using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;

namespace Bifrost.Core.Tests.Accept;

public sealed class DoorwayTests
{
    [Theory]
    [InlineData("/v1", null)]
    [InlineData("/openai", "openai")]
    [InlineData("/openai/v1", "openai")]
    [InlineData("/openai/openai/v1", "openai")]
    public void Every_door_exists_on_every_surface(string prefix, string? provider)
    {
        foreach (var (method, path, operation) in Doors)
        {
            var found = Doorway.Find(method, prefix + path.Replace("{id}", "abc_1"));

            Assert.Null(found.Fault);
            Assert.Equal((operation, provider), (found.Value.Door.Operation, found.Value.SurfaceProvider));
        }
    }

    [Theory]
    [InlineData("/v1/models/replicate/a/b", "replicate/a/b")]
    [InlineData("/openai/v1/models/gpt-4o", "gpt-4o")]
    [InlineData("/v1/models/replicate/black-forest-labs/flux-1.1-pro", "replicate/black-forest-labs/flux-1.1-pro")]
    public void Model_ids_may_hold_slashes_and_dots(string path, string id) => Assert.Equal(id, Doorway.Find("GET", path).Value.Id);

    [Theory]
    [InlineData("/v1/videos/a/b")]
    [InlineData("/v1/files/a/b/content")]
    [InlineData("/v1/responses/")]
    [InlineData("/v1")]
    [InlineData("/openai/nothing")]
    public void Other_paths_lead_nowhere(string path) => Assert.True(Doorway.Find("GET", path).Fault?.Status is 404 or 405);

    [Theory]
    [InlineData("/v1/x", true)]
    [InlineData("/openai", true)]
    [InlineData("/v11", false)]
    [InlineData("/", false)]
    public void Only_the_api_prefixes_are_its_own(string path, bool owns) => Assert.Equal(owns, Doorway.Owns(path));

    private static readonly (string Method, string Path, Operation Operation)[] Doors =
    [
        ("POST", "/chat/completions", Operation.Chat),
        ("POST", "/completions", Operation.Completion),
        ("POST", "/responses", Operation.Response),
        ("GET", "/responses/{id}", Operation.ResponseGet),
        ("POST", "/responses/{id}/cancel", Operation.ResponseCancel),
        ("POST", "/embeddings", Operation.Embedding),
        ("POST", "/images/generations", Operation.ImageGeneration),
        ("POST", "/images/edits", Operation.ImageEdit),
        ("POST", "/audio/transcriptions", Operation.Transcription),
        ("POST", "/audio/translations", Operation.Translation),
        ("POST", "/files", Operation.FileUpload),
        ("GET", "/files", Operation.FileList),
        ("GET", "/files/{id}", Operation.FileGet),
        ("DELETE", "/files/{id}", Operation.FileDelete),
        ("GET", "/files/{id}/content", Operation.FileContent),
        ("POST", "/videos", Operation.VideoCreate),
        ("GET", "/videos", Operation.VideoList),
        ("GET", "/videos/{id}", Operation.VideoGet),
        ("GET", "/videos/{id}/content", Operation.VideoContent),
        ("DELETE", "/videos/{id}", Operation.VideoDelete),
        ("POST", "/videos/{id}/remix", Operation.VideoRemix),
        ("GET", "/models", Operation.ModelList),
        ("GET", "/models/{id}", Operation.ModelGet),
    ];
}
