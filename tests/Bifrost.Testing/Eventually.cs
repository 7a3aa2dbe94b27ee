using Xunit;

namespace Bifrost.Testing;

/// <summary>Waits for what happens on another thread, without a guess at how long it takes.</summary>
public static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, TimeSpan within)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        while (!condition())
        {
            if (clock.GetElapsedTime(started) > within)
            {
                Assert.Fail($"It did not come true within {within.TotalSeconds:0.#} s.");
            }

            await Task.Delay(5);
        }
    }
}
