namespace Bifrost.Core.World;

/// <summary>Something in what the operator wrote that is not right, said so that it can be mended. Never holds a secret's value.</summary>
/// <param name="Path">Where: <c>providers.openai.keys[0].weight</c>, <c>budgets[1].max_limit</c>. Empty: the whole.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record Mistake(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
