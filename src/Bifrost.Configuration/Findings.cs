using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Collects what is found while a configuration is read, so that all of it is told at once.</summary>
public sealed class Findings
{
    private readonly List<Mistake> _mistakes = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _notes = [];

    public void Mistake(string path, string message) => _mistakes.Add(new Mistake(path, message));

    public void Warning(string sentence) => _warnings.Add(sentence);

    public void Note(string sentence) => _notes.Add(sentence);

    public void NotServed(string path) => Warning($"`{path}` is not served by this version of Bifrost and is ignored.");

    public ConfigReading Reading(GatewayConfig config) => new(config, _mistakes, _warnings) { Notes = _notes };
}
