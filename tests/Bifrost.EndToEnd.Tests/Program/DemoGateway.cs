namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>The demo, started once for all examples.</summary>
public sealed class DemoGateway : IAsyncLifetime
{
    private readonly BifrostProcess _bifrost = BifrostProcess.Start(["--demo", "--still", "--port", "0"]);

    public Uri Address { get; private set; } = new(ReadmeBlock.Address);

    public async ValueTask InitializeAsync() => Address = await _bifrost.AddressAsync();

    public async ValueTask DisposeAsync() => await _bifrost.DisposeAsync();
}
