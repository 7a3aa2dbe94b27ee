using Bifrost.Web.Api;
using Bifrost.Web.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Bifrost.Web.Shell;

/// <summary>What every page has at hand. Its frame is sent at once; what has to be read first follows in the same answer.</summary>
[StreamRendering]
public abstract class PageBase : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    [Inject]
    internal GatewayApi Api { get; set; } = null!;

    [Inject]
    internal NavigationManager Nav { get; set; } = null!;

    [Inject]
    internal Toasts Toasts { get; set; } = null!;

    [Inject]
    internal Visitor Visitor { get; set; } = null!;

    [Inject]
    internal IJSRuntime Js { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <summary>Set when the page is left: for what it waits for.</summary>
    protected CancellationToken Closed => _closed.Token;

    /// <summary>Writes parameters into the address without leaving the page; null takes one away.</summary>
    protected void SetQuery(params (string Name, object? Value)[] parameters)
    {
        var values = parameters.ToDictionary(p => p.Name, p => p.Value);
        Nav.NavigateTo(Nav.GetUriWithQueryParameters(values!), replace: false);
    }

    /// <summary>Says that something was done, or shows why it was not.</summary>
    /// <param name="answer">What came of it.</param>
    /// <param name="done">One sentence.</param>
    /// <param name="undo">Takes it back; null where that cannot be.</param>
    /// <returns>Whether it was done.</returns>
    protected bool Told<T>(Answer<T> answer, string done, Func<Task>? undo = null)
    {
        Toasts.Show(answer.Problem is { } problem ? new Toast(problem.Message, ToastKind.Bad) : new Toast(done) { Undo = undo });
        return answer.IsGood;
    }

    /// <summary>Called once when the page is left.</summary>
    protected virtual void Leave() { }

    /// <inheritdoc />
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        Leave();
        GC.SuppressFinalize(this);
    }
}
