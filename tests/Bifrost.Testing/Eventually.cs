using System.Diagnostics;
using Xunit;

namespace Bifrost.Testing;

/// <summary>Waits for what happens soon after, and fails when it does not.</summary>
public static class Eventually
{
    public static Task IsTrueAsync(Func<bool> condition, TimeSpan? within = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), within);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(5);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < limit, $"It did not come true within {limit.TotalSeconds} s.");
            await Task.Delay(10);
        }
    }
}
