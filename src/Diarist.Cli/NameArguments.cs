using System.CommandLine;

namespace Diarist.Cli;

/// <summary>The options that give labels names.</summary>
internal static class NameArguments
{
    private const long LongestFile = 1 << 20;

    private static readonly Option<string[]> Names = new("--name") { Description = "A name for a label, such as SPEAKER_00=Ada; may be given several times. Two labels with one name become one speaker.", HelpName = "LABEL=NAME", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> NamesFile = new("--names") { Description = "A file with one LABEL=NAME a line; empty lines and lines that begin with # are left out.", HelpName = "FILE" };

    public static void AddTo(Command command)
    {
        command.Options.Add(Names);
        command.Options.Add(NamesFile);
    }

    /// <summary>The file of names, as one that is read; null when none is.</summary>
    public static string? FileOf(ParseResult parsed) => parsed.GetValue(NamesFile);

    /// <summary>The names by label: those of the file, then those of the command line, each label once.</summary>
    public static Dictionary<string, string> Read(ParseResult parsed)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(NamesFile) is { } file)
        {
            int number = 0;
            foreach (string line in Lines(file))
            {
                number++;
                if (line.Trim() is { Length: > 0 } text && text[0] != '#' && !TryAdd(names, text))
                {
                    throw new AnnotationFormatException(file, number, "LABEL=NAME is expected, each label once");
                }
            }
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in parsed.GetRequiredValue(Names))
        {
            if (!TryAdd(given, pair))
            {
                throw new UsageException($"--name takes LABEL=NAME, each label once, not '{pair}'.");
            }
        }

        foreach ((string label, string name) in given)
        {
            names[label] = name;
        }

        return names;
    }

    /// <summary>Says which labels are not there, and which become one speaker.</summary>
    public static void Check(IReadOnlyDictionary<string, string> names, IReadOnlyCollection<string> labels, string input)
    {
        foreach (string label in names.Keys.Where(label => !labels.Contains(label)))
        {
            Messages.Warn(input, labels.Count > 0 ? $"no speaker is called {label}; there are {string.Join(", ", labels.Take(12))}" : $"no speaker is called {label}; nobody was found");
        }

        foreach (var group in labels.GroupBy(label => names.GetValueOrDefault(label, label), StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            Messages.Warn(input, $"{string.Join(" and ", group)} are merged: both are called {group.Key}");
        }
    }

    private static bool TryAdd(Dictionary<string, string> names, string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        string label = equals < 0 ? "" : pair[..equals].Trim();
        string name = equals < 0 ? "" : pair[(equals + 1)..].Trim();
        return label.Length > 0 && name.Length > 0 && !name.Any(char.IsControl) && names.TryAdd(label, name);
    }

    private static string[] Lines(string file)
    {
        try
        {
            return new FileInfo(file).Length <= LongestFile ? File.ReadAllLines(file) : throw new InputException(file, "is longer than 1 MiB, too long for a list of names");
        }
        catch (FileNotFoundException error)
        {
            throw new InputException(file, "there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"cannot be read: {error.Message}", error);
        }
    }
}
