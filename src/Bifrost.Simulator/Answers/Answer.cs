using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>What a model makes of its input.</summary>
internal abstract record Answer
{
    /// <summary>Text in pieces, one event each.</summary>
    internal sealed record Pieces(ImmutableArray<string> Texts, int InputTokens) : Answer;

    /// <summary>A finished value.</summary>
    internal sealed record Value(JsonNode? Node, int InputTokens = 0, int OutputTokens = 0) : Answer;

    /// <summary>Files that are drawn when somebody fetches them.</summary>
    internal sealed record Files(ImmutableArray<Recipe> Recipes, bool AsArray) : Answer;

    /// <summary>A failure the real model would report.</summary>
    internal sealed record Failure(string Error) : Answer;
}
