using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Bifrost.Simulator;

/// <summary>
/// What the simulator should do differently from a healthy Replicate. Rules are asked in the order they were added; the first that matches and
/// is not used up wins. Safe to change while requests are running.
/// </summary>
public sealed class Script
{
    private ImmutableArray<RequestRule> requests = [];
    private ImmutableArray<ModelRule> models = [];

    /// <summary>A rule for requests. <paramref name="path"/> is without query; <c>*</c> stands for anything. <paramref name="method"/> may be <c>*</c>.</summary>
    public RequestRule On(string method, string path)
    {
        var pattern = "^" + Regex.Escape(path).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        return On(method, new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
    }

    /// <summary>A rule for requests whose path (without query) matches.</summary>
    public RequestRule On(string method, Regex path)
    {
        var rule = new RequestRule(method, path);
        _ = ImmutableInterlocked.Update(ref requests, static (rules, added) => rules.Add(added), rule);
        return rule;
    }

    /// <summary>A rule for the predictions of one model (<c>owner/name</c>, or <c>*</c> for all).</summary>
    public ModelRule Model(string model)
    {
        var rule = new ModelRule(model);
        _ = ImmutableInterlocked.Update(ref models, static (rules, added) => rules.Add(added), rule);
        return rule;
    }

    /// <summary>Forgets every rule; predictions that already run keep theirs.</summary>
    public void Clear()
    {
        _ = ImmutableInterlocked.Update(ref requests, static _ => []);
        _ = ImmutableInterlocked.Update(ref models, static _ => []);
    }

    internal RequestAction? ActionFor(RecordedRequest request, string? model)
    {
        foreach (var rule in requests)
        {
            if (rule.TryTake(request, model) is { } action)
            {
                return action;
            }
        }

        return null;
    }

    internal PredictionPlan PlanFor(string model, System.Text.Json.Nodes.JsonObject input)
    {
        foreach (var rule in models)
        {
            if (rule.TryTake(model, input) is { } plan)
            {
                return plan;
            }
        }

        return PredictionPlan.Healthy;
    }
}
