using System.Security.Cryptography;
using System.Text;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Governance.Tests.VirtualKeys;

public sealed class VirtualKeyValueTests
{
    [Fact]
    public void A_new_value_is_the_prefix_and_a_random_uuid()
    {
        var value = VirtualKeyValue.New();

        Assert.Matches("^sk-bf-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", value.Value);
        Assert.NotEqual(value.Value, VirtualKeyValue.New().Value);
    }

    [Fact]
    public void The_hash_is_sha_256_of_the_value()
    {
        var value = VirtualKeyValue.New();

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value.Value))), value.Hash);
    }

    [Fact]
    public void The_preview_shows_four_characters_and_so_does_the_text_of_the_object()
    {
        var value = VirtualKeyValue.New();

        Assert.Equal("sk-bf-…" + value.Value[^4..], value.Preview);
        Assert.Equal(value.Preview, value.ToString());
    }

    [Fact]
    public void The_preview_of_a_short_value_shows_nothing_of_it() =>
        Assert.Equal("sk-bf-…", VirtualKeyValue.Chosen("sk-bf-secret")!.Preview);

    [Fact]
    public void The_prefix_counts_in_any_case_and_the_rest_as_written()
    {
        Assert.Equal(KeyHash.Of("sk-bf-Abc"), KeyHash.Of("SK-bF-Abc"));
        Assert.NotEqual(KeyHash.Of("sk-bf-Abc"), KeyHash.Of("sk-bf-abc"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-bf-")]
    [InlineData("sk-other-1")]
    [InlineData("sk-bf-with space")]
    [InlineData("sk-bf-schlüssel")]
    public void What_cannot_be_a_value_is_not_taken_as_one(string text) => Assert.Null(VirtualKeyValue.Chosen(text));

    [Fact]
    public void A_value_that_is_too_long_has_no_hash() => Assert.Null(KeyHash.Of("sk-bf-" + new string('a', 250)));

    [Fact]
    public void A_value_of_the_greatest_length_in_the_widest_characters_has_a_hash() =>
        Assert.NotNull(KeyHash.Of("sk-bf-" + new string('語', 249)));

    [Fact]
    public void A_hash_reads_back_from_its_text()
    {
        var value = VirtualKeyValue.New();

        Assert.Equal(KeyHash.Of(value.Value), KeyHash.Parse(value.Hash));
        Assert.Equal(value.Hash, KeyHash.Parse(value.Hash).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_hash_is_not_read_as_one(string? text) => Assert.Null(KeyHash.Parse(text));

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var value = VirtualKeyValue.New().Value;
        KeyHash.Of(value);

        var before = GC.GetAllocatedBytesForCurrentThread();
        KeyHash.Of(value);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
