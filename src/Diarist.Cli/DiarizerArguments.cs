using System.CommandLine;
using System.Globalization;
using Diarist.Cli.Commands;
using Diarist.Packs;
using Diarist.VoiceActivity;

namespace Diarist.Cli;

/// <summary>The options of every command that diarizes.</summary>
internal static class DiarizerArguments
{
    private const int MostSpeakers = 1000;
    private const int MostThreads = 256;

    private static readonly Option<int?> Speakers = OptionFactory.Count("--speakers", "The number of speakers, when it is known.", 1, MostSpeakers, "--num-speakers");
    private static readonly Option<int?> MinimumSpeakers = OptionFactory.Count("--min-speakers", "The fewest speakers to find.", 1, MostSpeakers);
    private static readonly Option<int?> MaximumSpeakers = OptionFactory.Count("--max-speakers", "The most speakers to find.", 1, MostSpeakers);
    private static readonly Option<string> RecipeName = OptionFactory.Choice("--recipe", "How speakers are found.", [.. Recipe.All.Select(recipe => recipe.Name)]);
    private static readonly Option<string?> Networks = new("--networks") { Description = "nemotron3 takes the one network that labels up to eight speakers by itself, as --recipe nemotron3 does; its pack is opt-in." };
    private static readonly Option<double?> Threshold = OptionFactory.Number("--threshold", "Where the recipe cuts its linkage, in the recipe's own unit.", -1000, 1000);
    private static readonly Option<double?> Step = OptionFactory.Number("--step", "Seconds between windows; the default is 1, and 2 in recordings of more than four minutes with the recipe segments.", 0.1, 10, "seconds");
    private static readonly Option<string> SpeedName = OptionFactory.Choice("--speed", "With the recipe segments: fast looks every 5 seconds only.", "normal", "fast");
    private static readonly Option<string> PrecisionName = OptionFactory.Choice("--precision", "The arithmetic of the speaker embedder: auto takes int8 where it is faster.", "auto", "float32", "int8");
    private static readonly Option<int?> Threads = OptionFactory.Count("--threads", "Threads; 0, the default, takes one for each processor.", 0, MostThreads);

    /// <summary>How Nemotron 3 makes turns.</summary>
    public static Option<string> Turns { get; } =
        OptionFactory.Choice("--turn-settings", "How nemotron3 makes turns of probabilities: as the model card does, or as NVIDIA's runtime.", "card", "nemo-speech");

    /// <summary>Where such a command finds packs.</summary>
    public static PacksOptions Packs { get; } = new();

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Speakers, MinimumSpeakers, MaximumSpeakers, RecipeName, Networks, Turns, Threshold, Step, SpeedName, PrecisionName, Threads])
        {
            command.Options.Add(option);
        }

        Packs.AddTo(command);
    }

    /// <summary>Loads what the options need; packs that are missing are fetched when the user agrees.</summary>
    public static async Task<Diarizer> LoadAsync(ParseResult parsed, DiarizerOptions options, CancellationToken cancellationToken)
    {
        PackStore store = Packs.Open(parsed);
        try
        {
            await Packs.RequireAsync(parsed, store, cancellationToken, Diarizer.PacksFor(options)).ConfigureAwait(false);
            EarlyLoading.Join();
            var diarizer = Diarizer.Create(store, options);
            EarlyLoading.Release();
            return diarizer;
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }
    }

    /// <summary>The packs that the options need, fetched when some are missing and the user agrees; no network is loaded.</summary>
    public static Task<IReadOnlyList<LocatedPack>> RequireAsync(ParseResult parsed, DiarizerOptions options, CancellationToken cancellationToken) =>
        Packs.RequireAsync(parsed, Packs.Open(parsed), cancellationToken, Diarizer.PacksFor(options));

    /// <summary>Finds speech, for a command that cuts at it.</summary>
    public static async Task<SpeechDetector> SpeechDetectorAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        PackStore store = Packs.Open(parsed);
        await Packs.RequireAsync(parsed, store, cancellationToken, [.. SpeechDetector.RequiredPacks]).ConfigureAwait(false);
        return SpeechDetector.Create(store);
    }

    /// <summary>The turns of a recording, for a command whose own output is something else.</summary>
    public static async Task<Diarization> DiarizeAsync(Diarizer diarizer, RecordingOptions recordings, string audio, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(audio);
        Diarization diarization = await Task.Run(() => recordings.Diarize(diarizer, [audio], progress, cancellationToken).Diarization, cancellationToken).ConfigureAwait(false);
        Warn(audio, diarization);
        return diarization;
    }

    /// <summary>Tells what the user should know of a result, such as a number of speakers that could not be met.</summary>
    /// <param name="audio">The recording.</param>
    /// <param name="diarization">The result.</param>
    /// <param name="showsCertainty">Whether what is written says itself that the number of speakers is uncertain.</param>
    public static void Warn(string audio, Diarization diarization, bool showsCertainty = false)
    {
        SpeakerCountReport count = diarization.Count;
        if (!showsCertainty && count.Uncertain && diarization.Recipe == Recipe.Segments)
        {
            string other = count.RunnerUp is int runnerUp ? $", else perhaps {runnerUp}" : "";
            Messages.Warn(audio, string.Create(CultureInfo.InvariantCulture, $"the number of speakers is uncertain: {count.Found}, right with a probability of {count.Certainty:0.00}{other}. If you know it, give it with --speakers."));
        }

        foreach (string warning in diarization.Warnings)
        {
            Messages.Warn(audio, warning);
        }
    }

    /// <summary>The options as given; a contradiction among them is a mistake of usage.</summary>
    public static DiarizerOptions Read(ParseResult parsed)
    {
        var options = new DiarizerOptions
        {
            Speakers = parsed.GetValue(Speakers),
            MinimumSpeakers = parsed.GetValue(MinimumSpeakers),
            MaximumSpeakers = parsed.GetValue(MaximumSpeakers),
            Recipe = RecipeOf(parsed),
            TurnSettings = ReadTurns(parsed),
            Threshold = parsed.GetValue(Threshold),
            Step = parsed.GetValue(Step),
            Speed = parsed.GetValue(SpeedName) == "fast" ? Speed.Fast : Speed.Normal,
            Precision = parsed.GetValue(PrecisionName) switch { "float32" => Precision.FloatingPoint, "int8" => Precision.EightBit, _ => Precision.Auto },
            Threads = parsed.GetValue(Threads) ?? 0,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }

        return options;
    }

    /// <summary>How Nemotron 3 makes turns, as given.</summary>
    public static TurnSettings ReadTurns(ParseResult parsed) => parsed.GetValue(Turns) == "nemo-speech" ? TurnSettings.NeMoSpeech : TurnSettings.Card;

    private static Recipe RecipeOf(ParseResult parsed)
    {
        var recipe = Recipe.Find(parsed.GetValue(RecipeName)!)!;
        string? networks = parsed.GetValue(Networks);
        bool named = parsed.GetResult(RecipeName) is { Implicit: false };
        return networks switch
        {
            null => recipe,
            "nemotron3" when named && recipe != Recipe.Nemotron3 => throw new UsageException($"--networks nemotron3 and --recipe {recipe} contradict each other."),
            "nemotron3" => Recipe.Nemotron3,
            _ => throw new UsageException($"there are no networks '{networks}'; --networks takes nemotron3."),
        };
    }
}
