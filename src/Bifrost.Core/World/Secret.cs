namespace Bifrost.Core.World;

/// <summary>A value that must not be shown. Only <see cref="Reveal"/> gives it, and only credential schemes and signers call that.</summary>
public sealed class Secret(string value)
{
    public static readonly Secret Empty = new("");

    public bool IsEmpty => value.Length == 0;

    public string Reveal() => value;

    public override string ToString() => "***";
}
