namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>The test plays this recording.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PlaysAttribute(string recording) : Attribute
{
    public string Recording => recording;
}
