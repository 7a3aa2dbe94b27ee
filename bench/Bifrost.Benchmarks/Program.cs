using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Bifrost.Benchmarks.Allocations;

if (args is ["allocations", .. var rest])
{
    return await AllocationRun.StartAsync(rest);
}

// In process: a generated project would inherit the analyzers and the output layout of this repository.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(AllocationRun).Assembly).Run(args, config);
return 0;
