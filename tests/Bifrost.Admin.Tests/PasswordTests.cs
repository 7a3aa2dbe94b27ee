using System.Net;
using Bifrost.Admin.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Admin.Tests;

public sealed class PasswordTests
{
    [Fact]
    public void A_hash_says_how_it_was_made_and_no_two_are_alike()
    {
        using var passwords = new Passwords();
        var (first, second) = (passwords.Hash("secret"), passwords.Hash("secret"));
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.True(passwords.Verify("secret", first));
        Assert.False(passwords.Verify("Secret", first));
    }

    [Fact]
    public void A_hash_made_elsewhere_is_understood()
    {
        // From RFC 9106's reference implementation: `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`.
        using var passwords = new Passwords();
        var hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        Assert.True(passwords.Verify("password", hash));
        Assert.False(passwords.Verify("passwore", hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$$")]
    public void What_is_no_hash_matches_nothing(string hash)
    {
        using var passwords = new Passwords();
        Assert.False(Passwords.IsHash(hash));
        Assert.False(passwords.Verify("secret", hash));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_takes_a_check_like_any_other()
    {
        using var passwords = new Passwords();
        Assert.False(await passwords.CheckAsync("secret", null, default));
    }

    [Fact]
    public async Task More_than_sixteen_at_once_are_turned_away()
    {
        using var passwords = new Passwords();
        var hash = passwords.Hash("secret");
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => passwords.CheckAsync("secret", hash, default)));
        Assert.Contains(results, r => r is null);
        Assert.Contains(results, r => r is true);
        Assert.DoesNotContain(results, r => r is false);
    }

    [Fact]
    public void An_address_waits_twice_as_long_after_each_failure_up_to_a_quarter_of_an_hour()
    {
        var clock = new FakeTimeProvider();
        var throttle = new LoginThrottle(clock);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            throttle.Failed(IPAddress.Loopback, $"user {i}");
            waits.Add(throttle.Wait(IPAddress.Loopback, "other").TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900], waits);
    }

    [Fact]
    public void An_account_is_locked_for_a_minute_at_most_from_wherever_it_is_guessed()
    {
        var throttle = new LoginThrottle(new FakeTimeProvider());
        for (var i = 0; i < LoginThrottle.AccountFailures + 20; i++)
        {
            throttle.Failed(IPAddress.Parse($"203.0.113.{i}"), "admin");
        }

        Assert.Equal(60, throttle.Wait(IPAddress.Parse("198.51.100.1"), "admin").TotalSeconds);
        Assert.Equal(TimeSpan.Zero, throttle.Wait(IPAddress.Parse("198.51.100.1"), "root"));
    }

    [Fact]
    public void Neighbours_in_one_network_of_ipv6_count_together()
    {
        var throttle = new LoginThrottle(new FakeTimeProvider());
        for (var i = 1; i <= LoginThrottle.AddressFailures; i++)
        {
            throttle.Failed(IPAddress.Parse($"2001:db8:1:2::{i}"), $"user {i}");
        }

        Assert.NotEqual(TimeSpan.Zero, throttle.Wait(IPAddress.Parse("2001:db8:1:2::ffff"), "x"));
        Assert.Equal(TimeSpan.Zero, throttle.Wait(IPAddress.Parse("2001:db8:1:3::1"), "x"));
    }

    [Fact]
    public void A_hundred_thousand_guessers_do_not_fill_the_memory_or_free_the_one_who_is_locked()
    {
        var throttle = new LoginThrottle(new FakeTimeProvider());
        for (var i = 0; i < 6; i++)
        {
            throttle.Failed(IPAddress.Loopback, "admin");
        }

        for (var i = 0; i < 100_000; i++)
        {
            throttle.Failed(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), $"user {i}");
        }

        Assert.InRange(throttle.Count, 1, LoginThrottle.Most);
        Assert.NotEqual(TimeSpan.Zero, throttle.Wait(IPAddress.Loopback, "x"));
    }
}
