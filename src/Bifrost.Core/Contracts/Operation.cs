namespace Bifrost.Core.Contracts;

/// <summary>What is asked for.</summary>
public enum Operation
{
    Chat,
    Completion,
    Response,
    ResponseGet,
    ResponseCancel,
    Embedding,
    ImageGeneration,
    ImageEdit,
    Transcription,
    Translation,
    FileUpload,
    FileList,
    FileGet,
    FileDelete,
    FileContent,
    VideoCreate,
    VideoList,
    VideoGet,
    VideoContent,
    VideoDelete,
    VideoRemix,
    ModelList,
    ModelGet,
}

public static class Operations
{
    // The published request_type words of the contract, by operation.
    private static readonly string[] Words =
    [
        "chat_completion",
        "text_completion",
        "responses",
        "responses_retrieve",
        "responses_cancel",
        "embedding",
        "image_generation",
        "image_edit",
        "transcription",
        "translation",
        "file_upload",
        "file_list",
        "file_retrieve",
        "file_delete",
        "file_content",
        "video_generation",
        "video_list",
        "video_retrieve",
        "video_download",
        "video_delete",
        "video_remix",
        "list_models",
        "retrieve_model",
    ];

    /// <summary>The operation's word in logs, headers and errors.</summary>
    public static string Word(this Operation operation) => Words[(int)operation];

    /// <summary>Lists, files and questions after jobs are free: a job is charged when it is made, or each question after it would be charged again.</summary>
    public static bool IsSold(this Operation operation) =>
        operation
            is Operation.Chat
                or Operation.Completion
                or Operation.Response
                or Operation.Embedding
                or Operation.ImageGeneration
                or Operation.ImageEdit
                or Operation.Transcription
                or Operation.Translation
                or Operation.VideoCreate
                or Operation.VideoRemix;
}
