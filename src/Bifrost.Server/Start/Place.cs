using Bifrost.Observability.RequestLog;

namespace Bifrost.Server.Start;

/// <summary>Where things are kept.</summary>
/// <param name="AppDir">The folder of the databases, the journal and the key file; made when it is missing.</param>
/// <param name="Environment">Reads an environment variable.</param>
public sealed record Place(string AppDir, Func<string, string?> Environment)
{
    /// <summary>Nothing outlives the process, though everything may be changed: for the demo and for tests.</summary>
    public bool InMemory { get; init; }

    /// <summary>How much of the request log may wait for its store; tests make it small.</summary>
    public RequestLogOptions LogQueue { get; init; } = new();

    internal void MakeAppDir()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(AppDir);
        }
        else if (!Directory.Exists(AppDir))
        {
            // Only its owner has any business in there.
            Directory.CreateDirectory(AppDir, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
