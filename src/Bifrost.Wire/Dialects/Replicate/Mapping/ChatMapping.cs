using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Puts a conversation into the words of a model: as messages where it takes them, else written into its prompt.</summary>
public static class ChatMapping
{
    private static readonly string[] SystemNames = ["system_prompt", "system_instruction", "instructions", "system"];
    private static readonly string[] PromptNames = ["prompt", "text", "input", "message", "question"];

    private static readonly ModelSchema Usual = SchemaChoice.Usual(
        OutputKind.TextStream,
        ("prompt", InputKind.Text),
        ("system_prompt", InputKind.Text),
        ("image", InputKind.Any),
        ("max_tokens", InputKind.Integer),
        ("temperature", InputKind.Number),
        ("top_p", InputKind.Number),
        ("top_k", InputKind.Integer),
        ("presence_penalty", InputKind.Number),
        ("frequency_penalty", InputKind.Number),
        ("stop_sequences", InputKind.Text),
        ("seed", InputKind.Integer)
    );

    /// <param name="request">The chat.</param>
    /// <param name="schema">What the model takes, or null when that cannot be had.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The operator's wishes.</param>
    /// <param name="responses">The caller speaks the Responses API: <c>max_output_tokens</c> is tried first, and messages name its fields.</param>
    public static Outcome<MappedInput> Map(
        Conversation request,
        ModelSchema? schema,
        ModelReference model,
        MappingOptions options,
        bool responses = false
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var builder = SchemaChoice.Builder(schema, model, options, Usual);
        if (builder.Schema.Output is OutputKind.File or OutputKind.Files or OutputKind.FileStream)
        {
            return new Fault(FaultKind.UnsupportedOperation, $"{model} answers with files, so it cannot chat.") { Param = "model" };
        }

        var talk = Talk.Of(request);
        SamplingMapping.Add(builder, request.Sampling, options.DefaultMaxTokens, responses);
        ReasoningMapping.Add(builder, request.Reasoning, request.Sampling.MaxTokens is not null, responses);
        builder.Word(responses ? "text.verbosity" : "verbosity", request.Verbosity, "verbosity");
        var system = Format(builder, request.Format, talk.System, responses);
        ToolMapping.Add(builder, request);
        ChatMedia.Add(builder, talk);
        Words(builder, request, talk, system);
        Rest(builder, request);
        var runs = FanOut.Ones(builder, request.Count);
        return builder.Finish().Failed(out var fault, out var fields)
            ? fault
            : new MappedInput
            {
                Fields = fields,
                Slots = builder.Slots,
                Warnings = builder.Notes,
                Runs = runs,
                EnforcedStops = request.Sampling.Stop,
                EffectiveMaxTokens = SamplingMapping.LimitInForce(builder),
                Output = builder.Schema.Output,
                ThinksFirst = builder.Traits.ThinksFirst,
                PromptText = PromptRendering.Render(PromptStyle.Raw, system, talk.Lines),
            };
    }

    /// <summary>The input that takes the conversation's text: a usual name, else the one text the model cannot do without.</summary>
    internal static SchemaInput? PromptInput(ModelSchema schema)
    {
        if (schema.FirstOf(PromptNames) is { } usual)
        {
            return usual;
        }

        if (schema.Output is not (OutputKind.Text or OutputKind.TextStream))
        {
            return null;
        }

        SchemaInput? only = null;
        foreach (var input in schema.Inputs)
        {
            if (input is { Required: true, Secret: false, Kind: InputKind.Text })
            {
                if (only is not null)
                {
                    return null;
                }

                only = input;
            }
        }

        return only;
    }

    private static void Words(InputBuilder builder, Conversation request, Talk talk, string system)
    {
        var schema = builder.Schema;
        if (schema.FirstOf("messages") is { Kind: InputKind.List or InputKind.Text or InputKind.Any } messages)
        {
            AsMessages(builder, request, talk, system, messages);
        }
        else if (schema.FirstOf("input_item_list") is { Kind: InputKind.List or InputKind.Any } items)
        {
            AsItems(builder, request, system, items);
        }
        else if (PromptInput(schema) is { } prompt)
        {
            AsPrompt(builder, talk, system, prompt);
        }
        else
        {
            builder.Refuse(
                new Fault(FaultKind.UnsupportedOperation, $"{builder.Model} takes no text to answer, so it cannot chat.")
                {
                    Param = "model",
                }
            );
        }
    }

    private static void AsMessages(InputBuilder builder, Conversation request, Talk talk, string system, SchemaInput input)
    {
        Lossy(builder, talk);
        var list = MessageMapping.Messages(request);
        if (system.Length > talk.System.Length)
        {
            list.Insert(
                0,
                new JsonObject { ["role"] = Nodes.Of("system"), ["content"] = Nodes.Of(system[talk.System.Length..].TrimStart()) }
            );
        }

        builder.Set(input.Name, input.Kind == InputKind.Text ? Nodes.Of(Nodes.Raw(list)) : list, "messages");

        // Ignored next to messages, but some versions insist on it.
        if (builder.Schema.TryGet("prompt", out var prompt) && prompt.Required)
        {
            builder.Set("prompt", Nodes.Of(talk.Lines.Count > 0 ? talk.Lines[^1].Text : ""), "messages");
        }
    }

    private static void AsItems(InputBuilder builder, Conversation request, string system, SchemaInput input)
    {
        var field = builder.Schema.FirstOf(SystemNames);
        builder.Set(input.Name, MessageMapping.Items(request, withSystem: field is null), "messages");
        if (field is not null && system.Length > 0)
        {
            builder.Set(field.Name, Nodes.Of(system), "messages");
        }
    }

    private static void AsPrompt(InputBuilder builder, Talk talk, string system, SchemaInput prompt)
    {
        Lossy(builder, talk);
        if (talk.Lines.Count == 0 && system.Length == 0 && talk.Images.Count == 0)
        {
            builder.Refuse(Fault.Invalid("`messages` holds no text.", "messages"));
            return;
        }

        // A picture, or instructions, and not a word more.
        var lines = talk.Lines.Count > 0 ? talk.Lines : [new Line(false, "")];
        var single = lines is [{ IsAssistant: false }];
        var style = builder.Traits.Prompt;
        var field = builder.Schema.FirstOf(SystemNames);
        var template = builder.Schema.FirstOf("prompt_template");
        if (style == PromptStyle.Raw)
        {
            builder.Changed("messages", $"The texts were sent one after another: {builder.Model} continues text and does not chat.");
            Send(PromptRendering.Render(style, system, lines), template);
            return;
        }

        var ownTemplate = style == PromptStyle.Llama3 && (field is null || (!single && template is not null));
        if (ownTemplate)
        {
            Send(PromptRendering.Render(PromptStyle.Llama3, system, lines), template);
            return;
        }

        if (field is not null && system.Length > 0)
        {
            builder.Set(field.Name, Nodes.Of(PromptRendering.Harmless(style, system)), "messages");
            system = "";
        }

        if (single)
        {
            var text = PromptRendering.Harmless(style, lines[0].Text);
            Send(system.Length == 0 ? text : $"{PromptRendering.Harmless(style, system)}\n\n{text}".TrimEnd(), null);
        }
        else
        {
            // The server wraps a Llama 3 prompt itself when it offers no template, so headers within would be noise.
            var written = style == PromptStyle.Llama3 ? PromptStyle.Transcript : style;
            Send(PromptRendering.Render(written, system, lines), written == PromptStyle.Mistral ? template : null);
        }

        void Send(string text, SchemaInput? bare)
        {
            builder.Set(prompt.Name, Nodes.Of(text), "messages");
            if (bare is not null)
            {
                builder.Set(bare.Name, Nodes.Of(PromptRendering.Bare), "messages");
            }
        }
    }

    private static void Lossy(InputBuilder builder, Talk talk)
    {
        if (talk.HasTools)
        {
            builder.Changed("messages", $"Tool calls and their results were sent as text: {builder.Model} knows no tools.");
        }

        if (talk.HasForeign)
        {
            builder.Dropped("messages", $"Some content of `messages` has no effect: {builder.Model} does not understand it.");
        }
    }

    /// <summary>Asks for JSON where the model can be told, else in words added to the system text.</summary>
    private static string Format(InputBuilder builder, ReplyFormat? format, string system, bool responses)
    {
        var param = responses ? "text.format" : "response_format";
        if (format is null || format.Kind == "text")
        {
            return system;
        }

        if (format.Schema is { } wanted && builder.Schema.TryGet("json_schema", out var input))
        {
            builder.Set(input.Name, Nodes.Of(wanted), param);
            return system;
        }

        builder.Changed(param, $"`{param}` was asked for in words: {builder.Model} cannot be bound to a format.");
        var words = format.Schema is { } schema
            ? $"Answer with a single JSON value that is valid under this JSON schema, and with nothing else: {schema.GetRawText()}"
            : "Answer with a single JSON object and with nothing else.";
        return system.Length == 0 ? words : $"{system}\n\n{words}";
    }

    private static void Rest(InputBuilder builder, Conversation request)
    {
        if (request.User is { } user && builder.Schema.TryGet("user_id", out _))
        {
            builder.Set("user_id", Nodes.Of(user), "user");
        }

        if (request.PreviousReplyId is { } previous)
        {
            if (builder.Schema.TryGet("previous_response_id", out _))
            {
                builder.Set("previous_response_id", Nodes.Of(previous), "previous_response_id");
            }
            else
            {
                builder.RefuseParameter("previous_response_id", $"{builder.Model} does not remember earlier replies.");
            }
        }

        ChatLeftovers.Add(builder, request.Extensions);
    }
}
