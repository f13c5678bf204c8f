namespace Diarist.Cli;

/// <summary>A form in which a command writes its results.</summary>
/// <param name="Word">Its name on the command line.</param>
/// <param name="Extension">The extension of its files.</param>
/// <param name="IsText">Whether a terminal can show it.</param>
/// <param name="Alone">Its extension where another format of the same run has <paramref name="Extension"/>.</param>
internal sealed record OutputFormat(string Word, string Extension, string? Alone = null, bool IsText = true);

/// <summary>The forms that a command writes, and which of them a command line asks for: one, several with commas between, or all.</summary>
internal static class OutputFormats
{
    private const string All = "all";

    public static readonly OutputFormat Text = new("text", ".txt");
    public static readonly OutputFormat Rttm = new("rttm", ".rttm");
    public static readonly OutputFormat Json = new("json", ".json");

    /// <summary>The extensions of all that any command writes.</summary>
    public static IReadOnlySet<string> Extensions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".rttm", ".json", ".md", ".srt", ".vtt", ".ctm", ".stm", ".textgrid", ".csv", ".docx", ".html",
    };

    /// <summary>What commands without words write.</summary>
    public static IReadOnlyList<OutputFormat> Timeline { get; } = [Text, Rttm, Json];

    /// <summary>The names of formats, for descriptions and messages.</summary>
    public static string List(IEnumerable<OutputFormat> known) => string.Join(", ", known.Select(format => format.Word));

    /// <summary>The formats that are asked for; none when neither the option nor the name of the output says anything.</summary>
    /// <param name="option">The value of <c>--format</c>.</param>
    /// <param name="output">The value of <c>--output</c>, whose extension decides where the option is absent.</param>
    /// <param name="known">What the command writes.</param>
    /// <exception cref="UsageException">There is no such format.</exception>
    public static IReadOnlyList<OutputFormat> Choose(string? option, string? output, IReadOnlyList<OutputFormat> known)
    {
        if (option is null)
        {
            string extension = output is null || Directory.Exists(output) ? "" : Path.GetExtension(output);
            OutputFormat? meant = known.FirstOrDefault(format => format.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase));
            return meant is not null ? [meant]
                : Extensions.Contains(extension) ? throw new UsageException($"{output}: this command does not write {extension}; it writes {List(known)}, of which --format names one.{(known == Timeline ? " Words with speakers come from `diarist annotate` and `diarist transcribe`." : "")}")
                : [];
        }

        string[] words = [.. option.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return words.Length == 0
            ? throw new UsageException("--format needs the name of a format.")
            : words.Contains(All) ? known : [.. words.Select(word => known.FirstOrDefault(format => format.Word == word) ?? throw Unknown(word, known))];
    }

    /// <summary>The formats with extensions that differ, so that each gets a file of its own.</summary>
    public static IReadOnlyList<OutputFormat> Distinct(IReadOnlyList<OutputFormat> formats)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. formats.Select(format => taken.Add(format.Extension) ? format : format with { Extension = format.Alone ?? $".{format.Word}{format.Extension}" })];
    }

    private static UsageException Unknown(string word, IReadOnlyList<OutputFormat> known) =>
        new($"there is no format '{word}'; there are {List(known)}, and all.");
}
