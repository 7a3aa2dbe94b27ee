using Bifrost.Governance.Registry;

namespace Bifrost.Governance.Tests.Registry;

public sealed class ReadAheadTests
{
    private readonly List<int> _taken = [];

    [Theory, InlineData(0), InlineData(1), InlineData(256), InlineData(10_000)]
    public async Task Everything_is_taken_once_and_in_order(int count)
    {
        await ReadAhead.RunAsync<int>((see, _) => ShowAsync(see, count), _taken.Add, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, count), _taken);
    }

    [Fact]
    public async Task What_cannot_be_taken_ends_the_fetching_and_is_told()
    {
        var shown = 0;

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            ReadAhead.RunAsync<int>(
                (see, _) => ShowAsync(number => see(shown = number), 1_000_000),
                number => throw new InvalidDataException($"{number}"),
                CancellationToken.None
            )
        );

        Assert.InRange(shown, 0, 10_000);
    }

    [Fact]
    public async Task A_fetch_that_fails_is_told_after_what_came_before_it()
    {
        await Assert.ThrowsAsync<IOException>(() =>
            ReadAhead.RunAsync<int>(
                async (see, _) =>
                {
                    await ShowAsync(see, 1000);
                    throw new IOException();
                },
                _taken.Add,
                CancellationToken.None
            )
        );

        Assert.Equal(Enumerable.Range(0, _taken.Count), _taken);
    }

    [Fact]
    public async Task Both_sides_end_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ReadAhead.RunAsync<int>(
                (see, _) => ShowAsync(see, 1_000_000),
                number =>
                {
                    if (number == 500)
                    {
                        cancel.Cancel();
                    }
                },
                cancel.Token
            )
        );
    }

    private static Task ShowAsync(Action<int> see, int count) =>
        Task.Run(() =>
        {
            for (var number = 0; number < count; number++)
            {
                see(number);
            }
        });
}
