using System.Globalization;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Sessions;
using Bifrost.Core.World;

namespace Bifrost.Admin.Http;

/// <summary>One request to a route: what it was asked with.</summary>
internal sealed class Call(HttpContext http, Match match, Identity identity, CancellationToken cancel)
{
    public HttpContext Http => http;

    public Identity Identity => identity;

    public CancellationToken Cancel => cancel;

    /// <summary>The body, checked against the route's shape; empty where there is none.</summary>
    public Body Body { get; init; } = Body.Empty;

    /// <summary>What stands in a placeholder of the pattern.</summary>
    public string this[string placeholder] => match.Values[placeholder];

    /// <summary>The version the caller has seen, or null when it does not care.</summary>
    public string? IfMatch => http.Request.Headers.IfMatch.ToString() is { Length: > 0 } tag and not "*" ? tag.Trim() : null;

    public string? Text(string parameter) => http.Request.Query[parameter].ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string parameter) => Text(parameter) is "true" or "1";

    /// <summary>Null when it is not given.</summary>
    public int? Whole(string parameter, List<Mistake> mistakes)
    {
        if (Text(parameter) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0)
        {
            return number;
        }

        mistakes.Add(new Mistake(parameter, $"{Shown.Quoted(text)} is not a whole number of 0 or more."));
        return null;
    }

    public DateTimeOffset? Time(string parameter, List<Mistake> mistakes)
    {
        if (Text(parameter) is not { } text)
        {
            return null;
        }

        if (Times.TryParse(text, out var time))
        {
            return time;
        }

        mistakes.Add(new Mistake(parameter, $"{Shown.Quoted(text)} is not a time. Write it like 2026-11-22T19:00:00Z."));
        return null;
    }
}
