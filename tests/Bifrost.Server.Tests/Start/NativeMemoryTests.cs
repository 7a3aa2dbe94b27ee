using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class NativeMemoryTests
{
    [Fact]
    public void The_library_takes_the_bound_where_it_has_one() =>
        Assert.Equal(
            OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("/libc.so.6", StringComparison.Ordinal),
            NativeMemory.KeepTogether()
        );
}
