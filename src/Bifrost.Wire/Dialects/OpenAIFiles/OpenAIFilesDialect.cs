using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIFiles;

/// <summary>OpenAI's <c>/v1/files</c>: a form in, file objects and lists of them out. Files consume nothing that is counted.</summary>
public sealed class OpenAIFilesDialect
    : IRequestReader<FileUpload>,
        IReplyWriter<object, StoredFile>,
        IReplyWriter<object, FilePage>,
        IReplyWriter<object, FileDeleted>
{
    public static readonly OpenAIFilesDialect Instance = new();

    private OpenAIFilesDialect() { }

    public string Name => "openai-files";

    public Outcome<FileUpload> ReadRequest(RequestBytes body) => FileUploadReader.Read(body);

    public void WriteReply(StoredFile reply, object? asked, IBufferWriter<byte> output) => FileWriter.Write(reply, output);

    public void WriteReply(FilePage reply, object? asked, IBufferWriter<byte> output) => FileWriter.Write(reply, output);

    public void WriteReply(FileDeleted reply, object? asked, IBufferWriter<byte> output) => FileWriter.Write(reply, output);

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage)
    {
        usage = new Usage();
        return false;
    }

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);
}
