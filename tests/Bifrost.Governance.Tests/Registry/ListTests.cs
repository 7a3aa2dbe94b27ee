using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Governance.Tests.Registry;

public sealed class ListTests
{
    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition_in_every_order()
    {
        using var registry = await ARegistry.OpenAsync();
        foreach (var i in Enumerable.Range(0, 25))
        {
            await registry.SetAsync(
                ARegistry.AKey($"{i}") with
                {
                    Name = $"{(i * 7) % 25:00}",
                    IsActive = i % 3 != 0,
                    ExpiresAt = i % 3 == 1 ? ARegistry.Noon : null,
                }
            );
            registry.Clock.Move(TimeSpan.FromMinutes(1));
        }

        foreach (var order in Enum.GetValues<ListOrder>())
        {
            foreach (var descending in new[] { false, true })
            {
                var query = new ListQuery
                {
                    Limit = 4,
                    OrderBy = order,
                    Descending = descending,
                };
                var all = registry.Registry.List<VirtualKey>(query with { Limit = 100 });
                var paged = Pages(registry, query);

                Assert.Equal(25, all.Total);
                Assert.Null(all.Next);
                Assert.Equal(25, paged.Distinct().Count());
                Assert.Equal(all.Items.Select(key => key.Id), paged);
            }
        }

        Assert.Equal(["00", "01", "02"], registry.Registry.List<VirtualKey>(new ListQuery { Limit = 3 }).Items.Select(key => key.Name));
        Assert.Equal(
            "24",
            registry.Registry.List<VirtualKey>(new ListQuery { OrderBy = ListOrder.CreatedAt, Descending = true }).Items[0].Id
        );
        Assert.False(registry.Registry.List<VirtualKey>(new ListQuery { OrderBy = ListOrder.Status }).Items[^1].IsActive);
    }

    [Fact]
    public async Task A_page_goes_on_where_it_was_when_its_last_object_is_gone()
    {
        using var registry = await ARegistry.WithAsync([.. Enumerable.Range(0, 6).Select(i => new Team { Id = $"{i}", Name = $"{i}" })]);
        var first = registry.Registry.List<Team>(new ListQuery { Limit = 3 });

        await registry.DeleteAsync(first.Items[2]);
        var second = registry.Registry.List<Team>(new ListQuery { Limit = 3, After = first.Next });

        Assert.Equal(["3", "4", "5"], second.Items.Select(team => team.Id));
    }

    [Fact]
    public async Task Lists_follow_every_change_after_they_were_first_asked_for()
    {
        using var registry = await ARegistry.WithAsync([.. Enumerable.Range(0, 9).Select(i => new Team { Id = $"{i}", Name = $"n{i}" })]);
        Assert.Equal("012345678", Listed());

        await registry.SetAsync(new Team { Id = "0", Name = "n9" }, new Team { Id = "new", Name = "n35" });
        await registry.DeleteAsync(registry.Now.Teams["5"]);
        await registry.SetAsync(new Customer { Id = "c", Name = "c" });
        await registry.SetAsync(new Team { Id = "new", Name = "n00" });
        Assert.Equal("new12346780", Listed());
        await registry.SetAsync([.. Enumerable.Range(100, 1200).Select(i => new Team { Id = $"{i}", Name = $"z{i}" })]);
        Assert.Equal(1209, registry.Registry.List<Team>(new ListQuery { Limit = 2000 }).Items.Count);

        string Listed() => string.Concat(registry.Registry.List<Team>(new ListQuery()).Items.Select(team => team.Id));
    }

    [Fact]
    public async Task What_was_searched_is_found_whatever_its_case()
    {
        using var registry = await ARegistry.WithAsync(
            ARegistry.AKey("1") with
            {
                Name = "Alpha",
            },
            ARegistry.AKey("2") with
            {
                Name = "x",
                Tags = ["ALPHA"],
            },
            ARegistry.AKey("3") with
            {
                Name = "y",
                Description = "not alphabetical",
            },
            ARegistry.AKey("4") with
            {
                Name = "beta",
            }
        );

        Assert.Equal(
            ["1", "2", "3"],
            registry.Registry.List<VirtualKey>(new ListQuery { Search = "alpha" }).Items.Select(key => key.Id).Order()
        );
    }

    [Fact]
    public async Task The_keys_of_a_customer_are_those_attached_directly_and_not_those_of_its_teams()
    {
        using var registry = await ARegistry.WithAsync(
            new Customer { Id = "c", Name = "c" },
            new User { Id = "u", Name = "u" },
            new Team
            {
                Id = "t",
                Name = "t",
                CustomerId = "c",
            },
            ARegistry.AKey("1") with
            {
                CustomerId = "c",
            },
            ARegistry.AKey("2") with
            {
                CustomerId = "c",
                UserId = "u",
            },
            ARegistry.AKey("3") with
            {
                TeamId = "t",
            }
        );

        Assert.Equal(["1", "2"], Ids(new ListQuery { CustomerId = "c" }));
        Assert.Equal(["3"], Ids(new ListQuery { TeamId = "t" }));
        Assert.Equal(["2"], Ids(new ListQuery { UserId = "u" }));
        Assert.Equal("t", Assert.Single(registry.Registry.List<Team>(new ListQuery { CustomerId = "c" }).Items).Id);

        string[] Ids(ListQuery query) => [.. registry.Registry.List<VirtualKey>(query).Items.Select(key => key.Id)];
    }

    [Theory]
    [InlineData("!")]
    [InlineData("bm9uc2Vuc2U")]
    [InlineData("_w")]
    public async Task A_place_that_cannot_be_read_is_the_beginning(string after)
    {
        using var registry = await ARegistry.WithAsync(new Team { Id = "1", Name = "1" });

        Assert.Single(registry.Registry.List<Team>(new ListQuery { After = after }).Items);
    }

    [Fact]
    public async Task Objects_may_be_counted_off_instead()
    {
        using var registry = await ARegistry.WithAsync([.. Enumerable.Range(0, 6).Select(i => new Team { Id = $"{i}", Name = $"{i}" })]);

        var page = registry.Registry.List<Team>(new ListQuery { Limit = 2, Offset = 3 });

        Assert.Equal(["3", "4"], page.Items.Select(team => team.Id));
        Assert.Equal(6, page.Total);
    }

    private static List<string> Pages(ARegistry registry, ListQuery query)
    {
        var ids = new List<string>();
        for (var page = 0; page < 20; page++)
        {
            var found = registry.Registry.List<VirtualKey>(query);
            ids.AddRange(found.Items.Select(key => key.Id));
            if (found.Next is null)
            {
                break;
            }

            query = query with { After = found.Next };
        }

        return ids;
    }
}
