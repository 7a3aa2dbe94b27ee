using Bifrost.Web.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Web.Tests.Parts;

public sealed class SteadyTests
{
    [Fact]
    public async Task A_part_is_drawn_again_only_when_it_shows_something_else()
    {
        IReadOnlyList<string> rows = ["a"];
        var around = new Around { Rows = rows };
        await using var services = new ServiceCollection().AddSingleton<IComponentActivator>(new TheOne(around)).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        await renderer.Dispatcher.InvokeAsync(() => renderer.RenderComponentAsync<Around>());
        Assert.Equal(1, around.Part.Drawn);

        await around.DrawAsync(rows);
        Assert.Equal(1, around.Part.Drawn);

        await around.DrawAsync(["a"]);
        Assert.Equal(2, around.Part.Drawn);
    }

    [Fact]
    public async Task What_a_part_does_not_show_is_up_to_date_all_the_same()
    {
        var around = new Around { Rows = ["a"] };
        await using var services = new ServiceCollection().AddSingleton<IComponentActivator>(new TheOne(around)).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        await renderer.Dispatcher.InvokeAsync(() => renderer.RenderComponentAsync<Around>());
        await around.DrawAsync(around.Rows, beside: 7);
        Assert.Equal((1, 7), (around.Part.Drawn, around.Part.Beside));
    }

    private sealed class Rows : Steady
    {
        public int Drawn { get; private set; }

        [Parameter]
        public IReadOnlyList<string> Listed { get; set; } = [];

        [Parameter]
        public int Beside { get; set; }

        protected override object Shown => Listed;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => Drawn++;
    }

    private sealed class Around : ComponentBase
    {
        private int _beside;

        public IReadOnlyList<string> Rows { get; set; } = [];

        public Rows Part { get; private set; } = null!;

        public Task DrawAsync(IReadOnlyList<string> rows, int beside = 0)
        {
            (Rows, _beside) = (rows, beside);
            return InvokeAsync(StateHasChanged);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<Rows>(0);
            builder.AddComponentParameter(1, nameof(SteadyTests.Rows.Listed), Rows);
            builder.AddComponentParameter(2, nameof(SteadyTests.Rows.Beside), _beside);
            builder.AddComponentReferenceCapture(3, part => Part = (Rows)part);
            builder.CloseComponent();
        }
    }

    /// <summary>Makes the one that the test holds.</summary>
    private sealed class TheOne(Around around) : IComponentActivator
    {
        public IComponent CreateInstance(Type componentType) =>
            componentType == typeof(Around) ? around : (IComponent)Activator.CreateInstance(componentType)!;
    }
}
