using Bifrost.Configuration.Tests;
using Bifrost.Core.World;
using Bifrost.Server.Start;

namespace Bifrost.Server.Tests.Start;

public sealed class ReadyProviderTests
{
    [Fact]
    public void Those_with_a_key_or_without_need_of_one_are_ready_by_name()
    {
        var ready = In(
            """
            {"providers": {
              "replicate": {"keys": [{"name": "main", "value": "r8"}, {"name": "off", "value": "r8", "enabled": false}]},
              "openai": {"keys": []},
              "local": {"custom_provider_config": {"base_provider_type": "openai", "is_key_less": true}, "network_config": {"base_url": "http://127.0.0.1:1"}}
            }}
            """
        );

        Assert.Equal(["local (needs no key)", "replicate (key main)"], ready.Select(p => $"{p.Name} ({p.Credential})"));
    }

    [Fact]
    public void A_well_known_provider_has_an_example() =>
        Assert.Equal("gpt-4o-mini", In("""{"providers": {"openai": {"keys": [{"name": "a", "value": "b"}]}}}""").Single().ExampleModel);

    [Fact]
    public void Models_a_key_is_limited_to_make_the_better_example() =>
        Assert.Equal("large", In(AConfig.WithKey("\"models\": [\"small\", \"large\"]")).Single().ExampleModel);

    [Fact]
    public void Without_any_hint_there_is_no_example() =>
        Assert.Null(
            In(
                    """
                    {"providers": {"local": {
                      "custom_provider_config": {"base_provider_type": "openai", "is_key_less": true}, "network_config": {"base_url": "http://127.0.0.1:1"}}}}
                    """
                )
                .Single()
                .ExampleModel
        );

    private static IReadOnlyList<ReadyProvider> In(string json) =>
        ReadyProvider.In(new WorldBuilder(AConfig.Kinds, AConfig.NotServed).Build(AConfig.Read(json).Good()));
}
