using Bifrost.Web.Limits;

namespace Bifrost.Web.Tests.Limits;

public sealed class ListPartsTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(50, 120, 50)]
    [InlineData(100, 120, 100)]
    [InlineData(5000, 120, 100)]
    [InlineData(5000, 100, 50)]
    [InlineData(25, 3, 0)]
    [InlineData(-4, 120, 0)]
    [InlineData(50, 0, 0)]
    public void An_address_is_believed_as_far_as_the_list_is_long(int at, int total, int begin) =>
        Assert.Equal(begin, ListParts.Begin(at, 50, total));
}
