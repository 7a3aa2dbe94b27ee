using System.Text;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Dialects;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Testing;

/// <summary>An exchange as the rooms before Attempt leave it, for tests of carriers.</summary>
public sealed class AnExchange
{
    public required GatewayWorld World { get; init; }

    public required Operation Operation { get; init; }

    public required IDialect CallerSpeaks { get; init; }

    public string Body { get; init; } = "";

    /// <summary>Instead of <see cref="Body"/>, for uploads.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string Model { get; init; } = "";

    public bool Streams { get; init; }

    public bool Strict { get; init; }

    public string? PathId { get; init; }

    public PinnedJob? Pinned { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>With a deadline that nothing but <paramref name="callerLeft"/> or an idle limit ends.</summary>
    public Exchange Build(CancellationToken callerLeft = default)
    {
        var http = new DefaultHttpContext { RequestAborted = callerLeft };
        http.Request.ContentType = ContentType;
        var exchange = new Exchange(http, World, Clock)
        {
            RequestId = "req_test",
            Operation = Operation,
            CallerSpeaks = CallerSpeaks,
            Body = Bytes ?? Encoding.UTF8.GetBytes(Body),
            AskedModel = Model,
            Streams = Streams,
            Strict = Strict,
            PathId = PathId,
            Pinned = Pinned,
        };
        exchange.Deadline = CancellationTokenSource.CreateLinkedTokenSource(callerLeft);
        exchange.Keep(exchange.Deadline);
        return exchange;
    }

    /// <summary>What room 4 hands to carriers.</summary>
    public static CancellationToken DeadlineOf(Exchange exchange) => exchange.Deadline!.Token;
}
