namespace Bifrost.Testing.Conformance;

/// <summary>One recorded exchange: the folder <c>tests/Fixtures/{provider}/{operation}/{name}</c>. It holds <c>caller-request.http</c> and
/// <c>caller-reply.http</c> (numbered when the caller asks several times: <c>caller-1-request.http</c>), and for each request that goes
/// upstream <c>upstream-1-request.http</c> and <c>upstream-1-reply.http</c>, <c>upstream-2-…</c>.</summary>
public sealed record Case(string Provider, string Operation, string Name)
{
    private const string Fixtures = "tests/Fixtures";

    /// <summary>Every folder below the providers' that holds a caller's request.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Sources.PathOf(Fixtures), "caller*-request.http", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Sources.PathOf(Fixtures), file).Split(Path.DirectorySeparatorChar))
            .Select(parts => new Case(parts[0], parts[1], parts[2]))
            .Distinct()
            .OrderBy(one => one.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>What the caller asks, one after the other: <c>caller</c>, or <c>caller-1</c>, <c>caller-2</c>.</summary>
    public IReadOnlyList<string> Callers => Stems("caller");

    /// <summary>What is asked upstream: <c>upstream-1</c>, <c>upstream-2</c>.</summary>
    public IReadOnlyList<string> Upstreams => Stems("upstream");

    public static IReadOnlyList<Case> For(string provider, string operation) =>
        [.. All.Where(one => one.Provider == provider && one.Operation == operation)];

    public string PathOf(string file) => Sources.PathOf($"{Fixtures}/{Provider}/{Operation}/{Name}/{file}.http");

    public HttpText Request(string stem) => HttpText.Read(PathOf($"{stem}-request"));

    public HttpText Reply(string stem) => HttpText.Read(PathOf($"{stem}-reply"));

    public override string ToString() => $"{Provider}/{Operation}/{Name}";

    private IReadOnlyList<string> Stems(string who) =>
        [
            .. Directory
                .EnumerateFiles(Path.GetDirectoryName(PathOf(who))!, $"{who}*-request.http")
                .Select(file => Path.GetFileName(file)[..^"-request.http".Length])
                .OrderBy(stem => stem.Length)
                .ThenBy(stem => stem, StringComparer.Ordinal),
        ];
}
