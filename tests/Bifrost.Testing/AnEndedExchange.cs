using System.Collections.Frozen;
using System.Text;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Providers.OpenAI;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAIChat;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Testing;

/// <summary>An exchange as settlers see it, when all is over: a chat that OpenAI answered, unless said otherwise.</summary>
public sealed record AnEndedExchange
{
    private static int _ids;

    public ClientConfig Client { get; init; } = new();

    public Operation Operation { get; init; } = Operation.Chat;

    public string Body { get; init; } = """{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}""";

    public string ContentType { get; init; } = "application/json";

    /// <summary>What went by, for whoever copies it.</summary>
    public string Answer { get; init; } = "";

    public string AskedModel { get; init; } = "openai/gpt-4o";

    public string Model { get; init; } = "gpt-4o";

    public string Provider { get; init; } = "openai";

    public string Key { get; init; } = "main";

    /// <summary>An id that the caller gave; null: one of the gateway's own.</summary>
    public string? GivenId { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public Caller? Caller { get; init; }

    public Reservation Reservation { get; init; } = Reservation.None;

    public Lane Lane { get; init; } = Lane.Verbatim;

    /// <summary>False: it was refused before any provider was asked.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>False: there is nothing at the address that was asked.</summary>
    public bool HasOperation { get; init; } = true;

    public Fault? Fault { get; init; }

    public Usage? Usage { get; init; }

    public Charge? Charge { get; init; }

    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    public int TargetIndex { get; init; }

    public bool Streams { get; init; }

    public int Chunks { get; init; }

    public long ResponseBytes { get; init; }

    // Since the start; each phase lasts a millisecond unless said otherwise.
    public TimeSpan Accepted { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan Tried { get; init; } = TimeSpan.FromMilliseconds(2);

    public TimeSpan Answered { get; init; } = TimeSpan.FromMilliseconds(3);

    public TimeSpan FirstByte { get; init; } = TimeSpan.FromMilliseconds(4);

    public TimeSpan Ended { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <param name="copies">Copies the answer, if it wants to.</param>
    public Exchange Build(IAnswerCopies? copies = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = ContentType;
        foreach (var (name, value) in Headers)
        {
            http.Request.Headers[name] = value;
        }

        var exchange = new Exchange(http, World(), Clock)
        {
            RequestId = GivenId ?? $"req-{Interlocked.Increment(ref _ids)}",
            RequestIdWasGiven = GivenId is not null,
            HasOperation = HasOperation,
            Operation = Operation,
            CallerSpeaks = OpenAIChatDialect.Instance,
            Body = Encoding.UTF8.GetBytes(Body),
            AskedModel = AskedModel,
            Streams = Streams,
            Caller = Caller,
            Reservation = Reservation,
            Usage = Usage,
            Charge = Charge,
            Chunks = Chunks,
            ResponseBytes = ResponseBytes,
            TargetIndex = TargetIndex,
        };
        exchange.AcceptedAt = At(exchange, Accepted);
        if (Sent)
        {
            exchange.TriedAt = At(exchange, Tried);
            exchange.Target = new Target(Known(Provider), Offer, Model, new KeyModel(new KeyConfig { Name = Key, Id = $"id-{Key}" }), Lane);
            if (Fault is null || Chunks > 0)
            {
                exchange.AnsweredAt = At(exchange, Answered);
                exchange.FirstByte = FirstByte;
            }
        }

        foreach (var attempt in Attempts)
        {
            exchange.Record(attempt);
        }

        exchange.AnswerCopy = copies?.Open(exchange);
        exchange.AnswerCopy?.Write(Encoding.UTF8.GetBytes(Answer));
        exchange.Fault = Fault;
        exchange.EndedAt = At(exchange, Ended);
        return exchange;
    }

    private static readonly HttpOffer Offer = new(Operation.Chat, OpenAIChatDialect.Instance, HttpMethod.Post, "chat/completions");

    private static ProviderModel Known(string id) =>
        new()
        {
            Id = id,
            Kind = new OpenAIProvider(),
            Base = new Uri("http://127.0.0.1/"),
            Keys = [],
            Network = new NetworkConfig(),
            Http = null!,
            Patience = TimeSpan.FromSeconds(1),
        };

    private GatewayWorld World() =>
        new()
        {
            Client = Client,
            Providers = FrozenDictionary<string, ProviderModel>.Empty,
            NotServed = [],
            TrustedHosts = [],
        };

    private long At(Exchange exchange, TimeSpan since) =>
        exchange.StartedAt + (long)Math.Round(since.TotalSeconds * Clock.TimestampFrequency);
}
