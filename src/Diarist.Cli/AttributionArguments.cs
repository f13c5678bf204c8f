using System.CommandLine;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.TextFormats;
using Diarist.Transcripts.Writing;

namespace Diarist.Cli;

/// <summary>The options of every command that joins speakers to words and writes the result.</summary>
internal static class AttributionArguments
{
    private static readonly (OutputFormat Form, TranscriptFormat Format)[] Written =
    [
        (OutputFormats.Text, TranscriptFormat.Text),
        (new("markdown", ".md"), TranscriptFormat.Markdown),
        (new("srt", ".srt"), TranscriptFormat.Srt),
        (new("vtt", ".vtt"), TranscriptFormat.WebVtt),
        (OutputFormats.Json, TranscriptFormat.Json),
        (new("diarized_json", ".json"), TranscriptFormat.DiarizedJson),
        (new("ctm", ".ctm"), TranscriptFormat.Ctm),
        (new("stm", ".stm"), TranscriptFormat.Stm),
        (new("seglst", ".json"), TranscriptFormat.SegLst),
        (OutputFormats.Rttm, TranscriptFormat.Rttm),
        (new("textgrid", ".TextGrid"), TranscriptFormat.TextGrid),
        (new("csv", ".csv"), TranscriptFormat.Csv),
        (new("html", ".html"), TranscriptFormat.Html),
    ];

    private static readonly OutputFormat Docx = new("docx", ".docx", IsText: false);

    /// <summary>The JSON's own bytes with speaker members inserted.</summary>
    public static readonly OutputFormat Same = new("same", ".json");

    internal static readonly IReadOnlyList<OutputFormat> Known = [.. Written.Select(pair => pair.Form), Docx];

    private static readonly Option<string?> Format = new("--format")
    {
        Description = $"What to write: {Same.Word} (JSON only: the input's own bytes with speaker members inserted), {OutputFormats.List(Known)}; several with commas between, or all. Default: what the name of the output says, else {Same.Word} for JSON and text otherwise.",
        HelpName = "FORMATS",
    };

    private static readonly Option<string> Policy = OptionFactory.Choice("--policy", "What becomes of a word that no turn overlaps: the nearest turn takes it, or none.", "nearest", "none");
    private static readonly Option<double> MaximumGap = OptionFactory.Number("--max-gap", "The widest silence in seconds between such a word and the turn that takes it.", 0, 1e6, AttributionPolicy.Nearest.MaximumGap, "seconds");
    private static readonly Option<string> Edges = OptionFactory.Choice("--edges", "What decides a word across the edge of a turn.", "overlap", "midpoint");
    private static readonly Option<bool> SplitSentences = new("--split-sentences") { Description = "Speakers may change inside a sentence; otherwise it goes to the speaker of most of its words." };
    private static readonly Option<int?> MinimumRun = OptionFactory.Count("--minimum-run", "Runs of fewer words than this between two runs of one speaker go to that speaker.", 0, 1000);
    private static readonly Option<bool> NoGlue = new("--no-glue") { Description = "Punctuation that stands alone does not follow its word." };
    private static readonly Option<double> UncertainBelow = OptionFactory.Number("--uncertain-below", "Words with less confidence than this are marked uncertain.", 0, 1, AttributionPolicy.Nearest.UncertainBelow);

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Format, Policy, MaximumGap, Edges, SplitSentences, MinimumRun, NoGlue, UncertainBelow])
        {
            command.Options.Add(option);
        }

        NameArguments.AddTo(command);
    }

    /// <summary>The value of <c>--format</c>.</summary>
    public static string? FormatOf(ParseResult parsed) => parsed.GetValue(Format);

    /// <summary>The formats that are asked for, by option or by the output's extension; none when nothing says.</summary>
    public static IReadOnlyList<OutputFormat> FormatsOf(ParseResult parsed, string? output)
    {
        string? given = parsed.GetValue(Format);
        IReadOnlyList<OutputFormat> chosen = OutputFormats.Choose(given, output, given is null or "all" ? Known : [Same, .. Known]);

        // What JSON is called .json may keep its own form.
        return given is null && chosen is [{ } only] && only == OutputFormats.Json ? [] : chosen;
    }

    /// <summary>Says what was noticed in the transcript, and what it was read as when that was asked for.</summary>
    public static void Report(TranscriptDocument document)
    {
        Messages.Detail($"{document.Name}: read as {document.ReadAs}");
        foreach (string warning in document.Warnings)
        {
            Messages.Warn(document.Name, warning);
        }
    }

    /// <summary>The formats to write a document in, after what it is is known.</summary>
    /// <param name="chosen">What was asked for.</param>
    /// <param name="document">The document.</param>
    /// <param name="output">The output, whose extension may ask for JSON.</param>
    public static IReadOnlyList<OutputFormat> Settle(IReadOnlyList<OutputFormat> chosen, TranscriptDocument document, string? output)
    {
        if (chosen.Contains(Same) && !document.IsJson)
        {
            throw new UsageException($"--format {Same.Word} is for JSON, and {document.Name} is {document.Transcript.Dialect}; name another format.");
        }

        bool json = output is not null && Path.GetExtension(output).Equals(".json", StringComparison.OrdinalIgnoreCase);
        return chosen.Count > 0 ? chosen : document.IsJson ? [Same] : json ? [OutputFormats.Json] : [OutputFormats.Text];
    }

    /// <summary>The policy as given; a number out of range is a mistake of usage.</summary>
    public static AttributionPolicy PolicyOf(ParseResult parsed)
    {
        bool nearest = parsed.GetRequiredValue(Policy) == "nearest";
        var policy = new AttributionPolicy
        {
            Uncovered = nearest ? UncoveredWords.Nearest : UncoveredWords.None,
            MaximumGap = parsed.GetValue(MaximumGap),
            Edges = parsed.GetRequiredValue(Edges) == "midpoint" ? EdgeRule.Midpoint : EdgeRule.LongestOverlap,
            WholeSentences = !parsed.GetValue(SplitSentences),
            MinimumRun = parsed.GetValue(MinimumRun) ?? 0,
            GluePunctuation = !parsed.GetValue(NoGlue),
            UncertainBelow = parsed.GetValue(UncertainBelow),
        };
        try
        {
            policy.Validate();
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }

        return policy;
    }

    /// <summary>Writes a transcript in each of the formats, after saying what was noticed while it was joined with the speakers.</summary>
    public static void Write(OutputTarget target, string input, TranscriptDocument document, AttributedTranscript transcript, IReadOnlyList<OutputFormat> formats, string? audio = null)
    {
        foreach (string warning in transcript.Warnings)
        {
            Messages.Warn(input, warning);
        }

        foreach (OutputFormat format in formats)
        {
            target.Write(input, format, stream =>
            {
                if (format == Same)
                {
                    stream.Write(document.Annotate(transcript, overwrite: true));
                    return;
                }

                string recording = OutputTarget.RecordingId(input);
                if (format == Docx)
                {
                    TranscriptWriter.WriteDocx(stream, transcript, recording);
                    return;
                }

                using StreamWriter writer = OutputTarget.TextWriter(stream);
                TranscriptWriter.Write(writer, transcript, Written.First(known => known.Form == format).Format, recording, target.AddressOf(audio));
            });
        }
    }
}
