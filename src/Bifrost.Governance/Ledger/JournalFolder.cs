using System.Globalization;

namespace Bifrost.Governance.Ledger;

/// <summary>The folder of a journal: held for one process, with the identity of the journal and its files.</summary>
internal sealed class JournalFolder : IDisposable
{
    private const string Extension = ".segment";
    private readonly string _path;
    private readonly FileStream _identity;

    private JournalFolder(string path, FileStream identity, Guid id)
    {
        _path = path;
        _identity = identity;
        Id = id;
    }

    /// <summary>Made with the folder; never changes.</summary>
    public Guid Id { get; }

    public static JournalFolder Open(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var file = Path.Combine(path, "journal.id");
        FileStream identity;
        try
        {
            // FileShare.None is a lock the kernel takes back when the process dies, however it dies.
            identity = new FileStream(file, Private(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException held) when (File.Exists(file))
        {
            throw new JournalInUseException(
                $"The journal in {path} is in use by another process. Give each gateway a journal folder of its own, or stop the other one.",
                held
            );
        }

        try
        {
            return new JournalFolder(path, identity, ReadOrMakeId(identity));
        }
        catch
        {
            identity.Dispose();
            throw;
        }
    }

    /// <summary>Numbers of the files that are there, ascending.</summary>
    public List<long> Segments()
    {
        var numbers = new List<long>();
        foreach (var file in Directory.EnumerateFiles(_path, "*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    public string FileOf(long segment) => Path.Combine(_path, segment.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>How files in here are opened: unbuffered, and when they are made, for their owner alone, since they tell who asked what.</summary>
    /// <param name="mode">Whether a file is made.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <param name="size">Bytes to take from the disk at once.</param>
    public static FileStreamOptions Private(FileMode mode, FileShare share, long size = 0)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
            PreallocationSize = size,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    public void Dispose() => _identity.Dispose();

    private static Guid ReadOrMakeId(FileStream identity)
    {
        Span<byte> text = stackalloc byte[36];
        var read = identity.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (read == text.Length && Guid.TryParseExact(System.Text.Encoding.ASCII.GetString(text), "D", out var id))
        {
            return id;
        }

        // Nothing, or half an id after a crash in the first start: no file can be older than the identity.
        id = Guid.NewGuid();
        identity.SetLength(0);
        identity.Write(System.Text.Encoding.ASCII.GetBytes(id.ToString("D")));
        identity.Flush(flushToDisk: true);
        return id;
    }
}
