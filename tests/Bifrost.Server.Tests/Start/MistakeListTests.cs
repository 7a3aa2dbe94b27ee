using Bifrost.Core.World;
using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class MistakeListTests
{
    [Fact]
    public void Every_mistake_has_a_line() =>
        Assert.Equal(
            "Bifrost did not start: /etc/config.json has 2 mistakes.\n  ✗ client: is a list.\n  ✗ The file is odd.\n",
            MistakeList.Render("/etc/config.json", [new Mistake("client", "is a list."), new Mistake("", "The file is odd.")])
        );

    [Fact]
    public void One_is_told_as_one() =>
        Assert.StartsWith(
            "Bifrost did not start: config.json has a mistake.\n",
            MistakeList.Render("config.json", [new Mistake("a", "b")])
        );
}
