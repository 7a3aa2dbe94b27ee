using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class WebhookTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    [Fact]
    public void A_signature_matches_the_published_example()
    {
        var signature = WebhookSignature.Sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            """{"test": 2432232314}"""u8
        );

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public async Task The_end_is_delivered_signed_and_retried_until_it_is_taken()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        await using var receiver = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = receiver.Script.On("POST", "/hook").Times(2).Answer(Problem.InternalError());
        _ = receiver.Script.On("POST", "/hook").Answer(Reply.Empty(204));

        var created = await calls.PostJsonAsync(
            $"/models/{Llama}/predictions",
            new JsonObject
            {
                ["input"] = new JsonObject { ["prompt"] = "x" },
                ["webhook"] = receiver.Address + "hook?for=me",
                ["webhook_events_filter"] = new JsonArray("completed"),
            }.ToJsonString()
        );
        while (simulator.Webhooks.Count < 3)
        {
            await Task.Delay(5);
        }

        var deliveries = receiver.RequestsTo("POST", "/hook?for=me");
        Assert.Equal(3, deliveries.Count);
        var last = deliveries[2];
        Assert.Equal(created["id"]!.ToString(), last.Json()!["id"]!.ToString());
        Assert.Equal("succeeded", last.Json()!["status"]!.ToString());
        Assert.Single(deliveries.Select(delivery => delivery.Header("webhook-id")).Distinct());
        var secret = (await calls.GetJsonAsync("/webhooks/default/secret"))["key"]!.ToString();
        var timestamp = long.Parse(last.Header("webhook-timestamp")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            WebhookSignature.Sign(secret, last.Header("webhook-id")!, timestamp, last.Body.Span),
            last.Header("webhook-signature")
        );
    }

    [Fact]
    public async Task Start_comes_before_the_end_and_a_cancel_is_delivered()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        await using var receiver = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = receiver.Script.On("POST", "/hook").Answer(Reply.Empty(200));
        _ = simulator.Script.Model(Llama).NeverFinishes();
        var created = await calls.PostJsonAsync(
            $"/models/{Llama}/predictions",
            new JsonObject
            {
                ["input"] = new JsonObject { ["prompt"] = "x" },
                ["webhook"] = receiver.Address + "hook",
            }.ToJsonString()
        );

        _ = await calls.PostJsonAsync($"/predictions/{created["id"]}/cancel", "");
        while (simulator.Webhooks.Count < 2)
        {
            await Task.Delay(5);
        }

        Assert.Equal(["processing", "canceled"], receiver.RequestsTo("POST", "/hook").Select(sent => sent.Json()!["status"]!.ToString()));
    }
}
