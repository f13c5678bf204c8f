using System.CommandLine;
using Diarist.Scoring;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist score</c>: error rates of turns and words against a reference.</summary>
internal static class ScoreCommand
{
    private static readonly Option<string[]> Reference = new("--reference")
    {
        Description = "What is true: a file or a folder, in RTTM, STM, CTM, SegLST or Diarist's JSON. May be given several times.",
        Required = true,
        HelpName = "PATH",
    };

    private static readonly Option<string[]> Hypothesis = new("--hypothesis")
    {
        Description = "What is scored: a file or a folder, in any of these formats. May be given several times.",
        Required = true,
        HelpName = "PATH",
    };

    private static readonly Option<string[]> RegionFiles = new("--uem")
    {
        Description = "Regions to score: UEM file or folder. Recordings it does not name are not scored.",
        DefaultValueFactory = _ => [],
        HelpName = "PATH",
    };

    private static readonly Option<double> TurnCollar = OptionFactory.Number(
        "--collar", "Seconds around the reference's boundaries that are not scored; --collar-convention says how they count.", 0, 1e6, otherwise: 0, "seconds");

    private static readonly Option<double> WordCollar = OptionFactory.Number(
        "--collar", "Seconds by which the times of a word may be off.", 0, 1e6, WordScoringOptions.Default.Collar, "seconds");

    private static readonly Option<double?> PairCollar = OptionFactory.Number(
        "--collar", "Words are only paired when their times overlap, the hypothesis' widened by so many seconds; without it, wherever they were said.", 0, 1e6, "seconds");

    private static readonly Option<string> Convention = OptionFactory.Choice(
        "--collar-convention", "Whether the collar counts on each side of a boundary (md-eval, dscore) or in all (pyannote.metrics).", "each-side", "total");

    private static readonly Option<bool> SkipOverlap = new("--skip-overlap") { Description = "Leave out where several reference speakers talk." };

    private static readonly Option<string> Normalize = OptionFactory.Choice(
        "--normalize", "What is done to words before they are compared: lower case, punctuation off, or both.", "none", "lowercase", "punctuation", "both");

    private static readonly OutputFormat[] Formats = [OutputFormats.Text, OutputFormats.Json];
    private static readonly Option<string?> Format = new("--format") { Description = "The form of the result: text or json.", HelpName = "FORMAT" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output.", HelpName = "PATH" };

    public static Command Create()
    {
        var command = new Command("score", "Score turns or words against a reference.");
        Add(command, "der", "Diarization error rate: missed, false alarm and confused speech.",
            parsed => ScoreMetrics.Der(Turns(parsed), new DiarizationScoringOptions
            {
                Collar = parsed.GetValue(TurnCollar),
                CollarConvention = parsed.GetValue(Convention) == "total" ? CollarConvention.Total : CollarConvention.EachSide,
                SkipOverlap = parsed.GetValue(SkipOverlap),
            }),
            RegionFiles, TurnCollar, Convention, SkipOverlap);
        Add(command, "jer", "Jaccard error rate: every speaker weighs the same.", parsed => ScoreMetrics.Jer(Turns(parsed)), RegionFiles);
        Add(command, "wer", "Word error rate, speakers ignored.", parsed => ScoreMetrics.Wer(Utterances(parsed), Spelling(parsed)), Normalize);
        Add(command, "cpwer", "Word error rate of the speakers' joined words under the best mapping.",
            parsed => ScoreMetrics.CpWer(Utterances(parsed), Spelling(parsed)), Normalize);
        Add(command, "tcpwer", "The same, where words must also agree in time.",
            parsed => ScoreMetrics.TcpWer(Utterances(parsed), Spelling(parsed) with { Collar = parsed.GetValue(WordCollar) }), WordCollar, Normalize);
        Add(command, "wder", "Share of aligned words that carry the wrong speaker.",
            parsed => ScoreMetrics.Wder(Utterances(parsed), Spelling(parsed), parsed.GetValue(PairCollar)), PairCollar, Normalize);
        return command;
    }

    private static void Add(Command parent, string name, string description, Func<ParseResult, ScoreReport> score, params Option[] own)
    {
        var command = new Command(name, description);
        foreach (Option option in (Option[])[Reference, Hypothesis, .. own, Format, Output])
        {
            command.Options.Add(option);
        }

        command.SetBody((parsed, _) =>
        {
            string[] read = [.. parsed.GetValue(Reference)!, .. parsed.GetValue(Hypothesis)!];
            string? output = parsed.GetValue(Output);
            OutputFormat format = OutputFormats.Choose(parsed.GetValue(Format), output, Formats) is [{ } only] ? only : OutputFormats.Text;
            OutputTarget target = OutputTarget.Create(output, ["score"], [format], read);
            ScoreReport report = score(parsed);
            target.Write("score", format, stream =>
            {
                if (format == OutputFormats.Json)
                {
                    report.WriteJson(stream);
                    return;
                }

                using StreamWriter writer = OutputTarget.TextWriter(stream);
                report.WriteText(writer);
            });

            return Task.CompletedTask;
        });
        parent.Subcommands.Add(command);
    }

    private static List<ScoredRecording<Turn>> Turns(ParseResult parsed) =>
        ScoreInputs.Turns(parsed.GetValue(Reference)!, parsed.GetValue(Hypothesis)!, parsed.GetValue(RegionFiles)!);

    private static List<ScoredRecording<Formats.Utterance>> Utterances(ParseResult parsed) =>
        ScoreInputs.Utterances(parsed.GetValue(Reference)!, parsed.GetValue(Hypothesis)!);

    private static WordScoringOptions Spelling(ParseResult parsed) => new()
    {
        Normalization = parsed.GetValue(Normalize) switch
        {
            "lowercase" => TextNormalization.Lowercase,
            "punctuation" => TextNormalization.StripPunctuation,
            "both" => TextNormalization.Lowercase | TextNormalization.StripPunctuation,
            _ => TextNormalization.None,
        },
    };
}
