using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIModels;

/// <summary>OpenAI's <c>/v1/models</c>, with the members that Bifrost adds to an entry.</summary>
public sealed class OpenAIModelsDialect : IReplyWriter<object, ModelEntry>, IReplyWriter<object, ModelPage>
{
    public static readonly OpenAIModelsDialect Instance = new();

    private OpenAIModelsDialect() { }

    public string Name => "openai-models";

    public void WriteReply(ModelEntry reply, object? asked, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        Write(lease.Json, reply);
    }

    public void WriteReply(ModelPage reply, object? asked, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var model in reply.Models)
        {
            Write(json, model);
        }

        json.WriteEndArray();
        json.WriteIfSet("next_page_token"u8, reply.NextPageToken);
        json.WriteEndObject();
    }

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage)
    {
        usage = new Usage();
        return false;
    }

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);

    private static void Write(Utf8JsonWriter json, ModelEntry model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);

        // The SDKs read a number here and choke on null.
        json.WriteNumber("created"u8, model.CreatedAt?.ToUnixTimeSeconds() ?? 0);
        json.WriteString("owned_by"u8, model.OwnedBy);
        if (model.Operations.Count > 0)
        {
            json.WriteStartArray("supported_methods"u8);
            foreach (var operation in model.Operations)
            {
                json.WriteStringValue(operation);
            }

            json.WriteEndArray();
        }

        json.WriteIfSet("description"u8, model.Description);
        json.WriteEndObject();
    }
}
