using System.Security.Cryptography;

namespace Bifrost.Storage.Sealing;

/// <summary>A random key in a file that only its owner may read.</summary>
internal static class KeyFile
{
    /// <summary>What is in it, or null when it is not there.</summary>
    public static string? Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? text : throw new StoreOpenException($"The key file {path} is empty.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"The key file {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Two that start at once agree: the file appears whole, and the first one stays.</summary>
    public static string ReadOrMake(string path)
    {
        if (Read(path) is { } there)
        {
            return there;
        }

        var draft = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            if (Read(path) is { } theirs)
            {
                return theirs;
            }

            throw new StoreOpenException(
                $"No key could be put into {path}: {problem.Message} Set {SealingSettings.KeyVariable}, or make the folder writable.",
                problem
            );
        }

        return Read(path) ?? throw new StoreOpenException($"The key file {path} was taken away again.");
    }
}
