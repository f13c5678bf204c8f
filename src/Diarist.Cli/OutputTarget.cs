using System.Text;

namespace Diarist.Cli;

/// <summary>Where a command's results go: standard output, one file, or a folder with one file for each input. Files appear whole or not at all.</summary>
internal sealed class OutputTarget
{
    private readonly string? _path;
    private readonly bool _isFolder;
    private readonly string _extension;

    private OutputTarget(string? path, bool isFolder, string extension) => (_path, _isFolder, _extension) = (path, isFolder, extension);

    public bool IsStandardOutput => _path is null;

    /// <summary>Decides what <paramref name="output"/> means and checks, before any work is done, that it can be written.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    /// <exception cref="UsageException">Several inputs would overwrite each other.</exception>
    public static OutputTarget Create(string? output, IReadOnlyList<string> inputs, string extension)
    {
        if (output is null)
        {
            return new OutputTarget(null, false, extension);
        }

        bool folder = inputs.Count > 1 || Directory.Exists(output) || Path.EndsInDirectorySeparator(output);
        var target = new OutputTarget(output, folder, extension);
        if (folder && File.Exists(output))
        {
            throw new UsageException($"{output} is a file; several recordings need a folder.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string input in inputs)
        {
            if (!names.Add(target.PathFor(input)))
            {
                throw new UsageException($"two recordings would both be written to {target.PathFor(input)}; give them one by one.");
            }
        }

        Guard(output, () =>
        {
            string directory = Path.GetDirectoryName(Path.GetFullPath(target.PathFor(inputs[0])))!;
            if (folder)
            {
                Directory.CreateDirectory(directory);
            }

            string probe = Path.Combine(directory, $".diarist-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        });
        return target;
    }

    /// <summary>Writes the result of one input.</summary>
    public void Write(string input, Action<Stream> write)
    {
        if (_path is null)
        {
            using Stream console = Console.OpenStandardOutput();
            write(console);
            return;
        }

        string path = PathFor(input);
        Guard(path, () =>
        {
            using var file = new OutputFile(path);
            write(file.Stream);
            file.Commit();
        });
    }

    /// <summary>The name that a recording has in RTTM and its like: its file name without extension, spaces replaced.</summary>
    public static string RecordingId(string input)
    {
        string stem = input == "-" ? "stdin" : Path.GetFileNameWithoutExtension(input);
        string id = string.Concat(stem.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) ? '_' : c));
        return id.Length == 0 ? "recording" : id;
    }

    /// <summary>UTF-8 without a mark, line feeds, the stream left open.</summary>
    public static StreamWriter TextWriter(Stream stream) => new(stream, new UTF8Encoding(false), 4096, leaveOpen: true) { NewLine = "\n" };

    private string PathFor(string input) =>
        _isFolder ? Path.Combine(_path!, (input == "-" ? "stdin" : Path.GetFileNameWithoutExtension(input)) + _extension) : _path!;

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException(path, $"it cannot be written: {error.Message}", error);
        }
    }
}
