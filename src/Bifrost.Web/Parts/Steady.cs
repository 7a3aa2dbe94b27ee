using Microsoft.AspNetCore.Components;

namespace Bifrost.Web.Parts;

/// <summary>A part that is drawn again only when what it shows is something else, however often the page around it is drawn. What its handlers read is up to date all
/// the same.</summary>
public abstract class Steady : ComponentBase
{
    private object? _drawn;

    /// <summary>All that is shown, as a value: lists in it count as others when they are other lists.</summary>
    protected abstract object Shown { get; }

    /// <inheritdoc/>
    /// <remarks>The first time it is drawn without being asked.</remarks>
    protected override void OnParametersSet() => _drawn ??= Shown;

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var before = _drawn;
        _drawn = Shown;
        return !_drawn.Equals(before);
    }
}
