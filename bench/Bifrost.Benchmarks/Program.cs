using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Bifrost.Benchmarks.Allocations;
using Bifrost.Benchmarks.Logs;
using Bifrost.Benchmarks.Population;
using Bifrost.Benchmarks.Soak;

if (args is ["allocations", .. var rest])
{
    return await AllocationRun.StartAsync(rest);
}

if (args is ["population", .. var where])
{
    return await PopulationRun.StartAsync(where);
}

if (args is ["logs", .. var log])
{
    return await LogRun.StartAsync(log);
}

if (args is ["soak", .. var soak])
{
    return await SoakRun.StartAsync(soak);
}

// In process: a generated project would inherit the analyzers and the output layout of this repository.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(AllocationRun).Assembly).Run(args, config);
return 0;
