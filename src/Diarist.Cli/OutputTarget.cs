using System.Text;
using Diarist.Formats;
using Diarist.Processes;

namespace Diarist.Cli;

/// <summary>
/// Where a command's results go: standard output, one file, or a folder with a file for each input and format. Files appear whole
/// or not at all, and no input is ever written to.
/// </summary>
internal sealed class OutputTarget
{
    private readonly string? _path;
    private readonly Dictionary<(string Input, string Format), string> _paths = [];

    private OutputTarget(string? path) => _path = path;

    public bool IsStandardOutput => _path is null;

    /// <summary>Decides what <paramref name="output"/> means and checks, before any work is done, that it can be written.</summary>
    /// <param name="output">The value of <c>--output</c>; null for standard output.</param>
    /// <param name="inputs">The inputs, each of which gets a result.</param>
    /// <param name="formats">The formats of each result.</param>
    /// <param name="alsoRead">Other files that the command reads.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    /// <exception cref="UsageException">It is one of the files that are read, or cannot hold so many results.</exception>
    public static OutputTarget Create(string? output, IReadOnlyList<string> inputs, IReadOnlyList<OutputFormat> formats, params IReadOnlyList<string?> alsoRead)
    {
        var target = new OutputTarget(output);
        if (output is null)
        {
            if (formats is [{ IsText: false } only] && !Console.IsOutputRedirected)
            {
                throw new UsageException($"{only.Word} needs --output, because a terminal cannot show it.");
            }

            return formats.Count == 1 ? target : throw new UsageException("several formats need --output, a name that each format's extension is added to, or a folder.");
        }

        if (output.Length == 0)
        {
            throw new UsageException("--output is empty.");
        }

        bool folder = IsFolder(output, inputs.Count);
        if (!folder && RecordingNames.HasExtension(output))
        {
            // A pattern of the shell in front of the inputs makes the first recording the output.
            throw new UsageException($"--output {output} is the name of a recording, and no sound is written; name a file such as {Path.ChangeExtension(Path.GetFileName(output), formats[0].Extension)}.");
        }

        target.Assign(output, folder, inputs, OutputFormats.Distinct(formats));
        string[] read = [.. inputs.Concat(alsoRead.OfType<string>()).Where(path => path != StandardInput.Argument && File.Exists(path))];
        foreach (string path in target._paths.Values)
        {
            if (File.Exists(path) && read.FirstOrDefault(source => FileIdentity.AreSame(source, path)) is { } same)
            {
                throw new UsageException($"{path} would be written over {same}, which is read; name another output.");
            }
        }

        if (folder)
        {
            Guard(output, () => Directory.CreateDirectory(output));
        }

        foreach (string path in target._paths.Values.Take(1))
        {
            Probe(path);
        }

        return target;
    }

    /// <summary>Writes one result.</summary>
    public void Write(string input, OutputFormat format, Action<Stream> write)
    {
        if (_path is null)
        {
            Guard("standard output", () =>
            {
                using Stream console = Console.OpenStandardOutput();
                write(console);
            });
            return;
        }

        string path = _paths[(input, format.Word)];
        Guard(path, () =>
        {
            using var file = new OutputFile(path);
            write(file.Stream);
            Interruption.Token.ThrowIfCancellationRequested();
            file.Commit();
        });
    }

    /// <summary>Writes text to standard output; an error names it.</summary>
    public static void WriteText(Action<StreamWriter> write) => Guard("standard output", () =>
    {
        using Stream console = Console.OpenStandardOutput();
        using StreamWriter writer = TextWriter(console);
        write(writer);
    });

    /// <summary>How a page among the results refers to a recording: by a path relative to it; null when there is none or the page goes to standard output.</summary>
    public string? AddressOf(string? recording)
    {
        if (recording is null or StandardInput.Argument || _path is null)
        {
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(_paths.Values.First()))!;
        return Path.GetRelativePath(folder, Path.GetFullPath(recording));
    }

    /// <summary>The name that a recording has in RTTM and its like: its file name without extension, spaces replaced.</summary>
    public static string RecordingId(string input) => Rttm.RecordingOf(input == StandardInput.Argument ? "stdin" : input);

    /// <summary>UTF-8 without a mark, line feeds, the stream left open.</summary>
    public static StreamWriter TextWriter(Stream stream) => new(stream, new UTF8Encoding(false), 4096, leaveOpen: true) { NewLine = "\n" };

    private static bool IsFolder(string output, int inputs)
    {
        if (Directory.Exists(output) || Path.EndsInDirectorySeparator(output))
        {
            return true;
        }

        if (inputs == 1)
        {
            return false;
        }

        if (File.Exists(output))
        {
            throw new UsageException($"{output} is a file; several inputs need a folder.");
        }

        return OutputFormats.Extensions.Contains(Path.GetExtension(output))
            ? throw new UsageException($"{output} is the name of a file, and several inputs need a folder; {output}{Path.DirectorySeparatorChar} would make one.")
            : true;
    }

    /// <summary>Makes of an error of writing one that names what cannot be written.</summary>
    internal static void Guard(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException)
        {
            throw new InputException(name, $"cannot be written: {OutputFile.Reason(error)}", error);
        }
    }

    // A device or a FIFO is only opened to be written to.
    private static void Probe(string path)
    {
        if (!FileIdentity.IsSpecial(path))
        {
            using var file = new OutputFile(path);
        }
    }

    private void Assign(string output, bool folder, IReadOnlyList<string> inputs, IReadOnlyList<OutputFormat> formats)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string input in inputs.Distinct(StringComparer.Ordinal))
        {
            string own = input == StandardInput.Argument ? "stdin" : Path.GetFileNameWithoutExtension(input);
            string stem = own.Length > 0 ? own : "recording";
            for (int number = 2; folder && formats.Any(format => taken.Contains(stem + format.Extension)); number++)
            {
                stem = $"{own}-{number}";
            }

            if (stem != own && own.Length > 0)
            {
                Messages.Warn(input, $"another input has the same name; the result of this one is called {stem}");
            }

            foreach (OutputFormat format in formats)
            {
                taken.Add(stem + format.Extension);
                _paths[(input, format.Word)] = folder
                    ? Path.Combine(output, stem + format.Extension)
                    : formats.Count == 1 ? output : Stem(output) + format.Extension;
            }
        }
    }

    private static string Stem(string output) => OutputFormats.Extensions.Contains(Path.GetExtension(output)) ? Path.ChangeExtension(output, null) : output;
}
