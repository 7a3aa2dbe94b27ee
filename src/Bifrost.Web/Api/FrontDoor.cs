using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bifrost.Web.Api;

/// <summary>Sends requests to the gateway's front door without a socket in between. What comes in looks like the visitor's own request: from its address,
/// with its cookie; so it may do exactly what the visitor may.</summary>
internal sealed class FrontDoor(RequestDelegate front)
{
    public HttpMessageHandler For(Visitor visitor) => new Handler(front, visitor);

    private sealed class Handler(RequestDelegate front, Visitor visitor) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var exchange = new Exchange(request, body ?? [], visitor);
            return await exchange.SendAsync(front, cancellationToken);
        }
    }

    /// <summary>One request and its answer.</summary>
#pragma warning disable CA1001 // Its token must still be readable by whoever was told that the reader left; without a timer there is nothing to give back.
    private sealed class Exchange
#pragma warning restore CA1001
        : IHttpResponseFeature,
            IHttpResponseBodyFeature,
            IHttpRequestLifetimeFeature,
            IHttpRequestBodyDetectionFeature
    {
        private readonly Pipe _pipe = new();
        private readonly CancellationTokenSource _left = new();
        private readonly TaskCompletionSource<HttpResponseMessage> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Stack<(Func<object, Task> Call, object State)> _starting = [];
        private readonly Stack<(Func<object, Task> Call, object State)> _completed = [];
        private readonly HttpContext _http;
        private readonly bool _hasBody;
        private Stream? _stream;

        public Exchange(HttpRequestMessage request, byte[] body, Visitor visitor)
        {
            _hasBody = body.Length > 0;
            var uri = request.RequestUri!;
            var features = new FeatureCollection();
            var asked = new HttpRequestFeature
            {
                Method = request.Method.Method,
                Scheme = visitor.Scheme,
                Path = Uri.UnescapeDataString(uri.AbsolutePath),
                QueryString = uri.Query,
                RawTarget = uri.PathAndQuery,
                Protocol = "HTTP/1.1",
                Body = new MemoryStream(body, writable: false),
                Headers = new HeaderDictionary(),
            };
            foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
            {
                asked.Headers[name] = values.ToArray();
            }

            visitor.Sign(asked.Headers, asManager: uri.AbsolutePath.StartsWith("/api", StringComparison.Ordinal));
            asked.Headers.ContentLength = _hasBody ? body.Length : null;
            features.Set<IHttpRequestFeature>(asked);
            features.Set<IHttpResponseFeature>(this);
            features.Set<IHttpResponseBodyFeature>(this);
            features.Set<IHttpRequestLifetimeFeature>(this);
            features.Set<IHttpRequestBodyDetectionFeature>(this);
            features.Set<IHttpConnectionFeature>(
                new HttpConnectionFeature
                {
                    ConnectionId = "ui",
                    RemoteIpAddress = visitor.Address,
                    LocalIpAddress = visitor.LocalAddress,
                    LocalPort = visitor.LocalPort,
                }
            );
            _http = new DefaultHttpContext(features);
        }

        public int StatusCode { get; set; } = 200;

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

        public Stream Body { get; set; } = Stream.Null;

        public bool HasStarted { get; private set; }

        public CancellationToken RequestAborted
        {
            get => _left.Token;
            set => throw new NotSupportedException("Whoever asks decides when to leave.");
        }

        public bool CanHaveBody => _hasBody;

        public Stream Stream => _stream ??= new Answering(this);

        public PipeWriter Writer => field ??= PipeWriter.Create(Stream, new StreamPipeWriterOptions(leaveOpen: true));

        public async Task<HttpResponseMessage> SendAsync(RequestDelegate front, CancellationToken cancel)
        {
            using var leaves = cancel.Register(Abort);
            // Elsewhere than where the page is made: it would wait for each database in turn, and could not be painted meanwhile.
            _ = Task.Run(() => RunAsync(front), CancellationToken.None);
            return await _head.Task;

            async Task RunAsync(RequestDelegate enter)
            {
                try
                {
                    await enter(_http);
                    await CompleteAsync();
                }
#pragma warning disable CA1031 // Whatever went wrong behind the door is the reader's to see, as it would be a caller's on a socket.
                catch (Exception broken)
#pragma warning restore CA1031
                {
                    _head.TrySetException(new HttpRequestException("The gateway broke off.", broken));
                    await _pipe.Writer.CompleteAsync(broken);
                }

                while (_completed.TryPop(out var then))
                {
                    await then.Call(then.State);
                }
            }
        }

        public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

        public void DisableBuffering() { }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

        public async Task StartAsync(CancellationToken cancellationToken = default)
        {
            if (HasStarted)
            {
                return;
            }

            while (_starting.TryPop(out var first))
            {
                await first.Call(first.State);
            }

            HasStarted = true;
            var answer = new HttpResponseMessage((HttpStatusCode)StatusCode)
            {
                Content = new StreamContent(new Reading(_pipe.Reader.AsStream(), this)),
            };
            foreach (var (name, values) in Headers)
            {
                if (!answer.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                {
                    answer.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
                }
            }

            _head.TrySetResult(answer);
        }

        public async Task CompleteAsync()
        {
            await StartAsync();
            await Writer.FlushAsync();
            await _pipe.Writer.CompleteAsync();
        }

        public void Abort()
        {
            _left.Cancel();
            _head.TrySetCanceled(_left.Token);
        }

        /// <summary>What the gateway writes to.</summary>
        private sealed class Answering(Exchange exchange) : OneWayStream
        {
            public override bool CanWrite => true;

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                await exchange.StartAsync(cancellationToken);
                if ((await exchange._pipe.Writer.WriteAsync(buffer, cancellationToken)).IsCompleted)
                {
                    exchange.Abort();
                }
            }

            public override Task FlushAsync(CancellationToken cancellationToken) => exchange.StartAsync(cancellationToken);
        }

        /// <summary>What the page reads from. To leave it is to hang up.</summary>
        private sealed class Reading(Stream inner, Exchange exchange) : OneWayStream
        {
            public override bool CanRead => true;

            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
                inner.ReadAsync(buffer, cancellationToken);

            protected override void Dispose(bool disposing)
            {
                if (disposing)
                {
                    exchange._left.Cancel();
                    inner.Dispose();
                }

                base.Dispose(disposing);
            }
        }
    }
}
