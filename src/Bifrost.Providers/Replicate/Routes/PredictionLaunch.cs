using System.Buffers;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;
using ParameterNote = Bifrost.Core.ParameterNote;

namespace Bifrost.Providers.Replicate;

/// <summary>One of the predictions that a request becomes.</summary>
/// <param name="Input">What it is mapped to.</param>
/// <param name="Run">Index into the input's runs.</param>
/// <param name="Addresses">One for each of the input's slots.</param>
internal sealed record PlannedStart(MappedInput Input, int Run, IReadOnlyList<string> Addresses);

/// <summary>A request in a model's own words, ready to be started run by run. Knows the two ways in which a first try may be mended: the model
/// needs a version, or its schema has changed. One request, one launch; runs may be started in parallel.</summary>
internal sealed class PredictionLaunch : IDisposable
{
    private readonly Exchange _exchange;
    private readonly Target _target;
    private readonly Func<ResolvedModel, MappingOptions, Outcome<IReadOnlyList<MappedInput>>> _map;
    private readonly SemaphoreSlim _mending = new(1);
    private bool _refreshed;

    private PredictionLaunch(
        ReplicateRuntime runtime,
        Exchange exchange,
        Target target,
        Func<ResolvedModel, MappingOptions, Outcome<IReadOnlyList<MappedInput>>> map
    )
    {
        (_exchange, _target, _map) = (exchange, target, map);
        Client = runtime.ClientOf(target);
    }

    public PredictionClient Client { get; }

    public ResolvedModel Model { get; private set; } = null!;

    /// <summary>All runs, in the order of the answers they give.</summary>
    public IReadOnlyList<PlannedStart> Starts { get; private set; } = [];

    /// <summary>Looks the model up, maps the request and gives its media addresses. Nothing has been created after this.</summary>
    public static async Task<Outcome<PredictionLaunch>> PrepareAsync(
        ReplicateRuntime runtime,
        Exchange exchange,
        Target target,
        Func<ResolvedModel, MappingOptions, Outcome<IReadOnlyList<MappedInput>>> map,
        CancellationToken cancel
    )
    {
        if (
            ModelReference.Parse(target.Model).Failed(out var fault, out var reference)
            || (await runtime.Routes.ResolveAsync(target.Provider, target.Key, reference, cancel)).Failed(out fault, out var model)
        )
        {
            return fault;
        }

        var launch = new PredictionLaunch(runtime, exchange, target, map);
        if (await launch.MapAsync(model, cancel) is { } unmapped)
        {
            launch.Dispose();
            return unmapped;
        }

        exchange.AnsweredModel = reference.ToString();
        return launch;
    }

    /// <summary>Starts a run. The caller owns what is running and must let go of it.</summary>
    public async Task<Outcome<RunningPrediction>> StartAsync(int index, CreateOptions options, CancellationToken cancel)
    {
        options = options with { Trace = _exchange.Trace };
        while (true)
        {
            var (model, start) = (Model, Starts[index]);
            var tried = await Client.TryCreateAsync(model.CreatePath, Body(model, start, options), options, model.Unversioned, cancel);
            if (tried.Value is { } created)
            {
                if (index == 0)
                {
                    _exchange.UpstreamId = created.Id;
                }

                return new RunningPrediction(Client, created);
            }

            var trouble = tried.Trouble!;
            if (trouble.Remedy == Remedy.SlowKey)
            {
                Client.Runtime.LowCredit(_target.Key.Name);
            }

            if (!await MendAsync(trouble.Remedy, model, start, cancel))
            {
                return trouble.Fault;
            }
        }
    }

    public void Dispose() => _mending.Dispose();

    private static ReadOnlyMemory<byte> Body(ResolvedModel model, PlannedStart start, CreateOptions options)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        start.Input.WriteBody(body, start.Run, start.Addresses, model.Version, options.Webhook?.AbsoluteUri);
        return body.WrittenMemory;
    }

    /// <summary>True when it is worth trying again. Each way of mending works once, so this ends.</summary>
    private async Task<bool> MendAsync(Remedy remedy, ResolvedModel model, PlannedStart start, CancellationToken cancel)
    {
        if (remedy is not (Remedy.Reroute or Remedy.RefreshSchema))
        {
            return false;
        }

        await _mending.WaitAsync(cancel);
        try
        {
            // A parallel run may have mended it already.
            if (!ReferenceEquals(model, Model))
            {
                return true;
            }

            return remedy == Remedy.Reroute ? Reroute(model) : await RemapAsync(model, start, cancel);
        }
        finally
        {
            _mending.Release();
        }
    }

    private bool Reroute(ResolvedModel model)
    {
        if (Client.Runtime.Routes.Reroute(_target.Provider, _target.Key, model) is not { } byVersion)
        {
            return false;
        }

        Model = byVersion;
        return true;
    }

    private async Task<bool> RemapAsync(ResolvedModel model, PlannedStart start, CancellationToken cancel)
    {
        if (_refreshed)
        {
            return false;
        }

        _refreshed = true;
        var runs = Starts.Count;
        if ((await Client.Runtime.Routes.RefreshAsync(_target.Provider, _target.Key, model, cancel)).Failed(out _, out var refreshed))
        {
            return false;
        }

        var index = ((List<PlannedStart>)Starts).IndexOf(start);
        var before = Body(model, start, default);
        var old = Starts;
        if (await MapAsync(refreshed, cancel) is not null || Starts.Count != runs)
        {
            (Model, Starts) = (model, old);
            return false;
        }

        // The same bytes would be refused the same way.
        return !Body(Model, Starts[index], default).Span.SequenceEqual(before.Span);
    }

    private async Task<Fault?> MapAsync(ResolvedModel model, CancellationToken cancel)
    {
        var options = MappingOptions.Standard with { Strict = _exchange.Strict, Secrets = ReplicateKeyExtras.Of(_target.Key).Secrets };
        if (_map(model, options).Failed(out var fault, out var inputs))
        {
            return fault;
        }

        var starts = new List<PlannedStart>();
        foreach (var input in inputs)
        {
            if ((await AddressesOfAsync(input, cancel)).Failed(out fault, out var addresses))
            {
                return fault;
            }

            for (var run = 0; run < input.Runs.Count; run++)
            {
                starts.Add(new PlannedStart(input, run, addresses));
            }

            foreach (var warning in input.Warnings)
            {
                _exchange.Note(new ParameterNote(warning.Parameter, Word(warning.Kind), warning.Message));
            }
        }

        if (model.Schema is null)
        {
            _exchange.Note(
                new ParameterNote("model", "changed", $"Nothing is known about what {model.Reference} takes, so common names were used.")
            );
        }

        (Model, Starts) = (model, starts);
        return null;
    }

    /// <summary>What was uploaded for the first mapping serves the second.</summary>
    private async Task<Outcome<IReadOnlyList<string>>> AddressesOfAsync(MappedInput input, CancellationToken cancel)
    {
        foreach (var start in Starts)
        {
            if (start.Input.Slots.SequenceEqual(input.Slots))
            {
                return Outcome<IReadOnlyList<string>>.Of(start.Addresses);
            }
        }

        return await MediaUploader.ResolveAllAsync(input.Slots, Client, cancel);
    }

    private static string Word(NoteKind kind) =>
        kind switch
        {
            NoteKind.Dropped => "dropped",
            NoteKind.Changed => "changed",
            _ => "moved",
        };
}
