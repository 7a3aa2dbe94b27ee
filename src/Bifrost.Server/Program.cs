using Bifrost.Server.Flags;
using Bifrost.Server.Start;

NativeMemory.KeepTogether();
SocketThreads.RunContinuations();
var flags = CommandFlags.Parse(args, Environment.GetEnvironmentVariable);
if (flags.Options is not { } options)
{
    await (flags.ExitCode == 0 ? Console.Out : Console.Error).WriteAsync(flags.Text);
    return flags.ExitCode;
}

return await StartUp.RunAsync(options, Environment.GetEnvironmentVariable);
