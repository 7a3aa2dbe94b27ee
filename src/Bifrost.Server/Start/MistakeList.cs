using System.Text;
using Bifrost.Core.World;

namespace Bifrost.Server.Start;

/// <summary>What standard error says when the configuration keeps Bifrost from starting.</summary>
internal static class MistakeList
{
    public static string Render(string source, IReadOnlyList<Mistake> mistakes)
    {
        var text = new StringBuilder("Bifrost did not start: ")
            .Append(source)
            .Append(mistakes.Count == 1 ? " has a mistake.\n" : $" has {mistakes.Count} mistakes.\n");
        foreach (var mistake in mistakes)
        {
            text.Append("  ✗ ").Append(mistake).Append('\n');
        }

        return text.ToString();
    }
}
