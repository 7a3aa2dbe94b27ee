using System.Xml.Linq;

namespace Bifrost.Architecture.Tests;

/// <summary>What a project file says about whom the project knows.</summary>
internal sealed record ProjectFile(
    string Name,
    string Path,
    string Sdk,
    IReadOnlyList<string> Projects,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> Frameworks,
    string? Temperature
)
{
    public static IReadOnlyList<ProjectFile> InFolder(string folder) =>
        Repository.Under(folder, ".csproj").Select(path => Parse(path, Repository.Read(path))).ToList();

    public static ProjectFile Parse(string path, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        return new ProjectFile(
            System.IO.Path.GetFileNameWithoutExtension(path),
            path,
            root.Attribute("Sdk")?.Value ?? "",
            Includes(root, "ProjectReference").Select(file => System.IO.Path.GetFileNameWithoutExtension(file.Replace('\\', '/'))).ToList(),
            Includes(root, "PackageReference"),
            Includes(root, "FrameworkReference"),
            root.Descendants("Temperature").FirstOrDefault()?.Value
        );
    }

    private static List<string> Includes(XElement root, string item) =>
        root.Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>().ToList();
}
