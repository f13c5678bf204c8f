using System.CommandLine;
using System.Globalization;
using Diarist.Simulation;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist simulate</c>: conversations with exact truth, mixed from recordings of single speakers or from a script.</summary>
internal static class SimulateCommand
{
    private static readonly Option<string?> Utterances = new("--utterances") { Description = "A folder of recordings of single speakers, or a table (TSV) that names them." };
    private static readonly Option<string?> Regions = new("--regions") { Description = "A table (TSV: utt, start, end) that says where the recordings hold speech." };
    private static readonly Option<string?> Script = new("--script") { Description = "A table (TSV: speaker, gap, audio, text) that says who speaks when; instead of --utterances." };
    private static readonly Option<string?> Speakers = Range("--speakers", "Speakers in a conversation, for instance 3 or 2-5.", "2-4");
    private static readonly Option<string?> Seconds = Range("--seconds", "Its length in seconds; everybody speaks once, which may take longer.", DefaultSeconds);
    private static readonly Option<string?> Overlap = Range("--overlap", "Time with two speakers, in percent of the time with any, 0 to 50.", "10");
    private static readonly Option<string?> Turns = Range("--turns", "Seconds of speech in a turn.", "0.8-8");
    private static readonly Option<string?> Noise = Range("--noise", "Speech over background noise in dB.", "none");
    private static readonly Option<string?> Reverb = Range("--reverb", "Reverberation time (RT60) in seconds.", "none");
    private static readonly Option<double?> Pause = OptionFactory.Number("--pause", "The mean pause between turns in seconds (default 0.5).", 0, 3600, "seconds");
    private static readonly Option<double> Level = OptionFactory.Number("--level", "Loudness of speech in dB relative to full scale.", -120, 0, otherwise: -26, "dB");
    private static readonly Option<double> Spread = OptionFactory.Number("--level-spread", "How far a speaker's loudness may lie from it, in dB.", 0, 60, otherwise: 3, "dB");
    private static readonly Option<bool> Telephone = new("--telephone") { Description = "Pass everything through a telephone channel (8 kHz, 300 to 3400 Hz, µ-law)." };
    private static readonly Option<long> Seed = new("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Count = OptionFactory.Count("--count", "How many conversations (default 1).", 1, 1_000_000);
    private static readonly Option<string> Output = new("--output", "-o") { Description = "The folder for the audio, the RTTM and the STM.", Required = true };
    private static readonly Option<string> Format = OptionFactory.Choice("--format", "The audio format.", "flac", "wav");

    private const string DefaultSeconds = "30-60";

    // What a conversation may be longer, and what the pause before a turn that does not fit takes at most.
    private const double LatestEnd = 2, LongestPause = 3;

    // What a script decides by itself.
    private static readonly Option[] Planning = [Regions, Speakers, Seconds, Overlap, Turns, Pause, Count];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("simulate", "Mix recordings of single speakers into conversations with exact truth.");
        foreach (Option option in (Option[])[Utterances, Script, .. Planning, Noise, Reverb, Level, Spread, Telephone, Seed, Output, Format])
        {
            command.Options.Add(option);
        }

        command.SetBody(RunAsync);
        return command;
    }

    private static Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        SimulationOptions options = ReadOptions(parsed);
        string? script = parsed.GetValue(Script);
        foreach (SimulatedConversation conversation in Conversations(parsed, options, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            string folder = parsed.GetRequiredValue(Output);
            OutputTarget.Guard(folder, () => Directory.CreateDirectory(folder));
            OutputTarget.Guard(Path.Combine(folder, conversation.Name), () => conversation.Save(folder, parsed.GetRequiredValue(Format)));
            if (script is null)
            {
                WarnOfLength(conversation, options, parsed.GetValue(Seconds) ?? DefaultSeconds);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{conversation.Name}   {conversation.Duration:0.0} s   {conversation.Speakers} speakers   {conversation.Utterances.Count} turns   {100 * conversation.OverlapShare:0} % overlap"));
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<SimulatedConversation> Conversations(ParseResult parsed, SimulationOptions options, CancellationToken cancellation)
    {
        string? utterances = parsed.GetValue(Utterances);
        string? script = parsed.GetValue(Script);
        if ((utterances is null) == (script is null))
        {
            throw new UsageException("give either --utterances or --script.");
        }

        if (script is not null)
        {
            Option? unfit = Planning.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return unfit is null ? [ConversationScript.Render(script, options)] : throw new UsageException($"{unfit.Name} does not go with --script.");
        }

        int count = parsed.GetValue(Count) ?? 1;
        ConversationSimulator simulator = Usage(() => new ConversationSimulator(options, UtteranceCatalog.Read(utterances!, parsed.GetValue(Regions))));
        return Enumerable.Range(0, count).Select(index => simulator.Create(index, cancellation));
    }

    private static SimulationOptions ReadOptions(ParseResult parsed)
    {
        var defaults = new SimulationOptions();
        ValueRange? overlap = Read(parsed, Overlap);
        var options = new SimulationOptions
        {
            Speakers = Read(parsed, Speakers) ?? defaults.Speakers,
            Duration = Read(parsed, Seconds) ?? defaults.Duration,
            Overlap = overlap is { } percent ? new ValueRange(percent.Minimum / 100, percent.Maximum / 100) : defaults.Overlap,
            TurnDuration = Read(parsed, Turns) ?? defaults.TurnDuration,
            MeanPause = parsed.GetValue(Pause) ?? defaults.MeanPause,
            LevelDb = parsed.GetValue(Level),
            LevelSpreadDb = parsed.GetValue(Spread),
            SignalToNoiseDb = Read(parsed, Noise),
            ReverberationTime = Read(parsed, Reverb),
            Telephone = parsed.GetValue(Telephone),
            Seed = parsed.GetValue(Seed),
        };
        return Usage(() =>
        {
            options.Validate();
            return options;
        });
    }

    private static Option<string?> Range(string name, string description, string ifAbsent) =>
        new(name) { Description = $"{description} A number or a range such as 2-5 (default {ifAbsent})." };

    private static ValueRange? Read(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        string text when ValueRange.TryParse(text, out ValueRange range) => range,
        string text => throw new UsageException($"{option.Name} {text}: this is neither a number nor a range such as 2-5."),
    };

    private static T Usage<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }
    }

    // Everybody speaks once, so that a short conversation of many people or long turns takes longer; the last turn may end 2 s later.
    private static void WarnOfLength(SimulatedConversation conversation, SimulationOptions options, string seconds)
    {
        string length = string.Create(CultureInfo.InvariantCulture, $"{conversation.Name} lasts {conversation.Duration:0.0} s and not {seconds}");
        if (conversation.Duration > options.Duration.Maximum + LatestEnd)
        {
            Messages.Warn($"{length}, because each of its {conversation.Speakers} speakers has a turn; ask for fewer --speakers, shorter --turns or more --seconds");
        }
        else if (conversation.Duration < options.Duration.Minimum - options.TurnDuration.Maximum - LongestPause)
        {
            Messages.Warn($"{length}, because its speakers have no more recordings; give more of them, or ask for more --speakers or fewer --seconds");
        }
    }
}
