using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Collects what is found while something written by people is read, so that all of it is told at once.</summary>
public sealed class Findings
{
    private readonly List<Mistake> _mistakes = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Mistake> Mistakes => _mistakes;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Mistake(string path, string message) => _mistakes.Add(new Mistake(path, message));

    public void Warning(string sentence) => _warnings.Add(sentence);

    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Mistakes and warnings found elsewhere.</summary>
    internal void Add(Findings others)
    {
        _mistakes.AddRange(others._mistakes);
        _warnings.AddRange(others._warnings);
    }

    public void NotServed(string path) => Warning($"`{path}` is not served by this version of Bifrost and is ignored.");

    /// <summary>Gives paths that begin with <paramref name="prefix"/> another beginning, in mistakes from the given one on.</summary>
    public void Relocate(string prefix, string other, int first = 0)
    {
        for (var i = first; i < _mistakes.Count; i++)
        {
            if (_mistakes[i].Path.StartsWith(prefix, StringComparison.Ordinal))
            {
                _mistakes[i] = _mistakes[i] with { Path = (other + _mistakes[i].Path[prefix.Length..]).TrimEnd('.') };
            }
        }
    }

    public ConfigReading Reading(GatewayConfig config) => new(config, _mistakes, _warnings) { Notes = _notes };
}
