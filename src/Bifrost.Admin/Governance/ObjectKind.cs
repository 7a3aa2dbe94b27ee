using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>What one kind of governance object looks like from outside: its addresses, its fields, and how they become values and back.</summary>
internal abstract class ObjectKind<T>
    where T : LimitedObject
{
    /// <summary>One of <see cref="Bifrost.Governance.Stores.ObjectKinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>In the address: <c>teams</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Member that holds one, in answers: <c>team</c>.</summary>
    public abstract string One { get; }

    /// <summary>Member that holds several: <c>teams</c>.</summary>
    public virtual string Many => $"{One}s";

    /// <summary>In sentences: <c>business unit</c>.</summary>
    public virtual string Words => One.Replace('_', ' ');

    /// <summary>Heading in the reference.</summary>
    public abstract string Group { get; }

    /// <summary>What is sent to make one.</summary>
    public abstract Shape Shape { get; }

    public abstract ImmutableDictionary<string, T> In(GovernanceSnapshot now);

    /// <summary>What it is to be: the body laid over what is there.</summary>
    /// <param name="current">Null: a new one.</param>
    /// <param name="id">Its id.</param>
    /// <param name="body">Checked against the shape.</param>
    /// <param name="limits">Reads limits, and collects mistakes.</param>
    public abstract T Read(T? current, string id, Body body, LimitReading limits);

    /// <summary>What is shown, apart from limits and times.</summary>
    public abstract JsonObject Write(T value, Relations relations);

    /// <summary>Another object that stands where this one wants to, or null.</summary>
    public virtual Mistake? Clash(T value, GovernanceSnapshot now) => null;

    /// <summary>What it is made of that has limits of its own, or null.</summary>
    public virtual JsonArray? Parts(T value, LimitViews limits) => null;

    public JsonObject View(T value, Relations relations, LimitViews limits)
    {
        var view = Write(value, relations);
        if (value is VirtualKey)
        {
            view["provider_configs"] = Parts(value, limits);
        }

        limits.Write(view, value.Budgets, value.RateLimit);
        view["created_at"] = Times.Write(value.CreatedAt);
        view["updated_at"] = Times.Write(value.UpdatedAt);
        return view;
    }

    /// <summary>Changes with every edit of it and with nothing else.</summary>
    public string Version(T value) => EditDesk.VersionOf(View(value, Relations.None, LimitViews.Bare));

    protected static Mistake? NameTaken(IEnumerable<(string Id, string Name)> others, string id, string name) =>
        others.Any(o => o.Id != id && string.Equals(o.Name, name, StringComparison.Ordinal))
            ? new Mistake("name", $"{Shown.Quoted(name)} is taken. Names are unique.")
            : null;
}
