using System.CommandLine;
using Diarist.Identity;

namespace Diarist.Cli;

/// <summary>Which known voices a recording is searched for; none unless asked for.</summary>
internal static class VoiceArguments
{
    private static readonly Option<string?> Voices = new("--voices")
    {
        Description = "Name the speakers whose voices are known (`diarist voices`), the others stay anonymous. A folder of voices may follow; the user's own by default.",
        HelpName = "STORE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Me = new("--me") { Description = "Name the voice of the primary user only." };

    private static readonly Option<double> FalseNames = new("--false-names")
    {
        Description = "Of all speakers whose voice is not known, at most this share gets a name. From 1/1000000 to 1/10.",
        HelpName = "RATE",
        DefaultValueFactory = _ => KnownVoices.DefaultFalseNameRate,
        CustomParser = result =>
        {
            double? rate = RateOf(result.Tokens[^1].Value);
            if (rate is null || !KnownVoices.IsRate(rate.Value))
            {
                result.AddError("--false-names takes a rate from 1/1000000 to 1/10, such as 1/1000 or 0.01.");
            }

            return rate ?? double.NaN;
        },
    };

    private static readonly Option<bool> NoVoices = new("--no-voices") { Description = "Name nobody, whatever diarist.json says." };

    private static readonly VoiceStoreArguments Store = new();

    public static void AddTo(Command command)
    {
        command.Options.Add(Voices);
        command.Options.Add(Me);
        command.Options.Add(FalseNames);
        command.Options.Add(NoVoices);
        Store.AddTo(command, store: false);
    }

    /// <summary>Adds the rate alone.</summary>
    public static void AddRateTo(Command command) => command.Options.Add(FalseNames);

    /// <summary>The rate of false names.</summary>
    public static double RateOf(ParseResult parsed) => parsed.GetValue(FalseNames);

    /// <summary>Whether the command line asks for voices.</summary>
    public static bool AreAsked(ParseResult parsed) => parsed.GetValue(Me) || parsed.GetResult(Voices) is { Implicit: false };

    /// <summary>A rate as people write it, 1/1000 or 0.001; <see langword="null"/> when it is none.</summary>
    public static double? RateOf(string text)
    {
        string[] parts = text.Split('/');
        double[] numbers = [.. parts.Select(part => OptionFactory.TryParse(part, out double number) ? number : double.NaN)];
        double rate = numbers is [var over, var under] ? over / under : numbers.Length == 1 ? numbers[0] : double.NaN;
        return double.IsNaN(rate) ? null : rate;
    }

    /// <summary>The voices to look for; <see langword="null"/> when neither the command line nor <c>diarist.json</c> asks for any.</summary>
    /// <exception cref="UsageException">The options contradict each other, or there is no primary user.</exception>
    public static KnownVoices? Read(ParseResult parsed)
    {
        bool me = parsed.GetValue(Me);
        if (parsed.GetValue(NoVoices))
        {
            return AreAsked(parsed) ? throw new UsageException("--no-voices contradicts --voices and --me.") : null;
        }

        var settings = VoiceSettings.Find();
        if (!AreAsked(parsed))
        {
            if (!settings.Enabled)
            {
                return null;
            }

            me = settings.Me;
        }

        if (DiarizerArguments.Read(parsed).Recipe != Recipe.Segments)
        {
            throw new UsageException($"known voices need the recipe {Recipe.Segments}; --no-voices looks for none.");
        }

        string folder = FolderOf(parsed, settings);
        if (folder.StartsWith('-') && !Directory.Exists(folder))
        {
            throw new UsageException($"{folder} is no option of this command; the folder of voices follows --voices itself.");
        }

        if (File.Exists(folder))
        {
            throw new UsageException($"--voices takes the folder of a store, and {folder} is a file; put --voices behind the recording.");
        }

        using VoiceStore store = Store.Open(parsed, folder);
        IReadOnlyList<VoiceProfile> profiles = store.ReadAll();
        if (me)
        {
            profiles = [.. profiles.Where(profile => profile.IsPrimaryUser)];
            if (profiles.Count == 0)
            {
                throw new UsageException("no voice is the primary user's; `diarist voices enroll NAME AUDIO --me` makes one.");
            }
        }

        return Make(profiles, parsed.GetResult(FalseNames) is { Implicit: false } ? parsed.GetValue(FalseNames) : settings.FalseNames ?? KnownVoices.DefaultFalseNameRate, folder);
    }

    /// <summary>The voices of a store, all made by one network.</summary>
    public static KnownVoices Make(IReadOnlyList<VoiceProfile> profiles, double rate, string folder)
    {
        string[] embedders = [.. profiles.Select(profile => profile.Embedder).Distinct(StringComparer.Ordinal)];
        return embedders.Length > 1
            ? throw new VoiceStoreException(folder, $"its voices were made by different networks ({string.Join(", ", embedders)}); remove those of the old one and enrol them again.")
            : new KnownVoices(profiles, rate);
    }

    /// <summary>Requires that the voices can be compared with what a diarizer hears.</summary>
    /// <exception cref="VoiceStoreException">Another network made them.</exception>
    public static void RequireSameNetwork(KnownVoices known, Diarizer diarizer, string folder)
    {
        if (known.Profiles.Count > 0 && known.Profiles[0].Embedder != diarizer.EmbedderFingerprint)
        {
            throw new VoiceStoreException(
                folder, $"its voices were made by the network {known.Profiles[0].Embedder}, and {diarizer.EmbedderFingerprint} is in use; voices of different networks cannot be compared. Enrol them again, or use that network.");
        }
    }

    /// <summary>Requires it of the voices that a command line names.</summary>
    public static void RequireSameNetwork(ParseResult parsed, KnownVoices known, Diarizer diarizer) =>
        RequireSameNetwork(known, diarizer, FolderOf(parsed, VoiceSettings.Find()));

    /// <summary>Requires that voices are looked for in one signal.</summary>
    /// <exception cref="UsageException">There are several.</exception>
    public static RecordingOptions AddTo(RecordingOptions recordings, KnownVoices? known) => known is null ? recordings
        : recordings.Separates ? throw new UsageException("known voices are looked for in one signal, not in several channels; --no-voices looks for none.")
        : recordings with { Known = known };

    private static string FolderOf(ParseResult parsed, VoiceSettings settings) => parsed.GetValue(Voices) ?? settings.Folder ?? VoiceStoreArguments.DefaultStore;
}
