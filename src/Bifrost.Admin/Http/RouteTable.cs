namespace Bifrost.Admin.Http;

/// <summary>Finds the route of a request. A literal segment wins over a placeholder.</summary>
internal sealed class RouteTable
{
    private readonly Node _root = new();

    public RouteTable(IEnumerable<Route> routes)
    {
        All = [.. routes];
        foreach (var route in All)
        {
            Add(route);
        }
    }

    public IReadOnlyList<Route> All { get; }

    /// <summary>Null: there is nothing at this address. An empty <see cref="Match.Route"/>: there is, but not with this method.</summary>
    public Match? Find(string method, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Descend(_root, segments, 0, values) is not { } node)
        {
            return null;
        }

        var asked = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        return new Match(node.Routes.GetValueOrDefault(asked), values, node.Routes.Keys);
    }

    private static Node? Descend(Node node, string[] segments, int at, Dictionary<string, string> values)
    {
        if (at == segments.Length)
        {
            return node.Routes.Count > 0 ? node : null;
        }

        if (node.Literals.TryGetValue(segments[at], out var literal) && Descend(literal, segments, at + 1, values) is { } found)
        {
            return found;
        }

        if (node.Placeholder is { } any && Descend(any, segments, at + 1, values) is { } held)
        {
            values[any.Name] = segments[at];
            return held;
        }

        return null;
    }

    private void Add(Route route)
    {
        var node = _root;
        foreach (var segment in route.Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = segment[0] == '{' ? node.Placeholder ??= new Node { Name = segment[1..^1] } : node.Literal(segment);
        }

        if (!node.Routes.TryAdd(route.Method, route))
        {
            throw new InvalidOperationException($"{route.Method} {route.Pattern} stands in the table twice.");
        }
    }

    private sealed class Node
    {
        public string Name { get; init; } = "";

        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);

        public Node? Placeholder { get; set; }

        public Dictionary<string, Route> Routes { get; } = new(StringComparer.Ordinal);

        public Node Literal(string segment) => Literals.TryGetValue(segment, out var node) ? node : Literals[segment] = new Node();
    }
}

/// <param name="Route">Null: other methods only.</param>
/// <param name="Values">What stood where the pattern has placeholders.</param>
/// <param name="Methods">All methods of this address.</param>
internal sealed record Match(Route? Route, IReadOnlyDictionary<string, string> Values, IReadOnlyCollection<string> Methods);
