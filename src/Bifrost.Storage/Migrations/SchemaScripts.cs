using System.Reflection;

namespace Bifrost.Storage.Migrations;

/// <summary>The SQL of every migration, forward and back, as EF Core has written it (a test compares). The program runs these texts and not EF itself, which
/// needs longer to get ready than a gateway may take to start.</summary>
internal static class SchemaScripts
{
    private const string Up = ".up.sql";

    /// <param name="database">Name of the folder.</param>
    /// <returns>Names of the migrations, oldest first.</returns>
    public static List<string> Names(string database) =>
        typeof(SchemaScripts)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(database + "/", StringComparison.Ordinal) && name.EndsWith(Up, StringComparison.Ordinal))
            .Select(name => name[(database.Length + 1)..^Up.Length])
            .Order(StringComparer.Ordinal)
            .ToList();

    public static string Text(string database, string migration, bool back)
    {
        var name = $"{database}/{migration}{(back ? ".down.sql" : Up)}";
        using var stream =
            typeof(SchemaScripts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
