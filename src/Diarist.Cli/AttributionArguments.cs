using System.CommandLine;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.TextFormats;
using Diarist.Transcripts.Writing;

namespace Diarist.Cli;

/// <summary>The options of every command that joins speakers to words and writes the result.</summary>
internal static class AttributionArguments
{
    /// <summary>The JSON's own bytes with speaker members inserted.</summary>
    public const string Same = "same";

    private static readonly (string Word, TranscriptFormat Format, string Extension)[] Formats =
    [
        ("text", TranscriptFormat.Text, ".txt"),
        ("markdown", TranscriptFormat.Markdown, ".md"),
        ("srt", TranscriptFormat.Srt, ".srt"),
        ("vtt", TranscriptFormat.WebVtt, ".vtt"),
        ("json", TranscriptFormat.Json, ".json"),
        ("diarized_json", TranscriptFormat.DiarizedJson, ".json"),
        ("ctm", TranscriptFormat.Ctm, ".ctm"),
        ("stm", TranscriptFormat.Stm, ".stm"),
        ("seglst", TranscriptFormat.SegLst, ".json"),
        ("rttm", TranscriptFormat.Rttm, ".rttm"),
        ("textgrid", TranscriptFormat.TextGrid, ".TextGrid"),
        ("csv", TranscriptFormat.Csv, ".csv"),
    ];

    private static readonly Option<string?> Format = new("--format")
    {
        Description = $"What to write: {Same} (JSON only: the input's own bytes with speaker members inserted) or one of {string.Join(", ", Formats.Select(format => format.Word))}. Default: {Same} for JSON, otherwise text.",
    };

    private static readonly Option<string> Policy = OptionFactory.Choice("--policy", "What becomes of a word that no turn overlaps: the nearest turn takes it, or none.", "nearest", "none");
    private static readonly Option<double> MaximalGap = new("--max-gap") { Description = "The widest silence in seconds between such a word and the turn that takes it.", DefaultValueFactory = _ => AttributionPolicy.Nearest.MaximalGap };
    private static readonly Option<string> Edges = OptionFactory.Choice("--edges", "What decides a word across the edge of a turn.", "overlap", "midpoint");
    private static readonly Option<bool> SplitSentences = new("--split-sentences") { Description = "Speakers may change inside a sentence; otherwise it goes to the speaker of most of its words." };
    private static readonly Option<int> MinimumRun = new("--minimum-run") { Description = "Runs of fewer words than this between two runs of one speaker go to that speaker." };
    private static readonly Option<bool> NoGlue = new("--no-glue") { Description = "Punctuation that stands alone does not follow its word." };
    private static readonly Option<double> UncertainBelow = new("--uncertain-below") { Description = "Words with less confidence than this are marked uncertain.", DefaultValueFactory = _ => AttributionPolicy.Nearest.UncertainBelow };
    private static readonly Option<string[]> Names = new("--name") { Description = "A name for a label, such as SPEAKER_00=Ann; may be given several times.", HelpName = "LABEL=NAME", DefaultValueFactory = _ => [] };

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Format, Policy, MaximalGap, Edges, SplitSentences, MinimumRun, NoGlue, UncertainBelow, Names])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The format as given; null when none was.</summary>
    public static string? FormatOf(ParseResult parsed)
    {
        string? format = parsed.GetValue(Format);
        return format is null or Same || Formats.Any(known => known.Word == format)
            ? format
            : throw new UsageException($"there is no format '{format}'; there are {Same}, {string.Join(", ", Formats.Select(known => known.Word))}.");
    }

    /// <summary>The extension of files in a format.</summary>
    public static string ExtensionOf(string format) => format == Same ? ".json" : Formats.First(known => known.Word == format).Extension;

    /// <summary>The policy as given; a number out of range is a mistake of usage.</summary>
    public static AttributionPolicy PolicyOf(ParseResult parsed)
    {
        bool nearest = parsed.GetRequiredValue(Policy) == "nearest";
        var policy = new AttributionPolicy
        {
            Uncovered = nearest ? UncoveredWords.Nearest : UncoveredWords.None,
            MaximalGap = parsed.GetValue(MaximalGap),
            Edges = parsed.GetRequiredValue(Edges) == "midpoint" ? EdgeRule.Midpoint : EdgeRule.LongestOverlap,
            WholeSentences = !parsed.GetValue(SplitSentences),
            MinimumRun = parsed.GetValue(MinimumRun),
            GluePunctuation = !parsed.GetValue(NoGlue),
            UncertainBelow = parsed.GetValue(UncertainBelow),
        };
        try
        {
            policy.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }

        return policy;
    }

    /// <summary>The names by label.</summary>
    public static Dictionary<string, string> NamesOf(ParseResult parsed)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in parsed.GetRequiredValue(Names))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1 || !names.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw new UsageException($"--name takes LABEL=NAME, each label once, and not '{pair}'.");
            }
        }

        return names;
    }

    /// <summary>Writes a transcript in one of the formats but <see cref="Same"/>.</summary>
    public static void Write(Stream stream, AttributedTranscript transcript, string format, string recording)
    {
        using StreamWriter writer = OutputTarget.TextWriter(stream);
        TranscriptWriter.Write(writer, transcript, Formats.First(known => known.Word == format).Format, recording);
    }
}
