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
        Description = "Of all speakers whose voice is not known, at most this share gets a name. From 1/1000000 to 1/10. Default 1/1000.",
        HelpName = "RATE",
        DefaultValueFactory = _ => KnownVoices.DefaultFalseNameRate,
        CustomParser = result =>
        {
            string[] parts = result.Tokens[^1].Value.Split('/');
            double[] numbers = [.. parts.Select(part => OptionFactory.TryParse(part, out double number) ? number : double.NaN)];
            double rate = numbers is [var over, var under] ? over / under : numbers.Length == 1 ? numbers[0] : double.NaN;
            if (!(rate is >= 1e-6 and <= 0.1))
            {
                result.AddError("--false-names takes a rate from 1/1000000 to 1/10, such as 1/1000 or 0.01.");
            }

            return rate;
        },
    };

    private static readonly VoiceStoreArguments Store = new();

    public static void AddTo(Command command)
    {
        command.Options.Add(Voices);
        command.Options.Add(Me);
        command.Options.Add(FalseNames);
        Store.AddTo(command, store: false);
    }

    /// <summary>Adds the rate alone.</summary>
    public static void AddRateTo(Command command) => command.Options.Add(FalseNames);

    /// <summary>The rate of false names.</summary>
    public static double RateOf(ParseResult parsed) => parsed.GetValue(FalseNames);

    /// <summary>The voices to look for; <see langword="null"/> when none is asked for.</summary>
    /// <exception cref="UsageException">The options contradict each other, or there is no primary user.</exception>
    public static KnownVoices? Read(ParseResult parsed)
    {
        bool me = parsed.GetValue(Me);
        bool asked = parsed.GetResult(Voices) is { Implicit: false };
        if (!asked && !me)
        {
            return null;
        }

        if (DiarizerArguments.Read(parsed).Recipe != Recipe.Segments)
        {
            throw new UsageException($"known voices need the recipe {Recipe.Segments}.");
        }

        string folder = parsed.GetValue(Voices) ?? VoiceStoreArguments.DefaultStore;
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

        return Make(profiles, parsed.GetValue(FalseNames), folder);
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
        RequireSameNetwork(known, diarizer, parsed.GetValue(Voices) ?? VoiceStoreArguments.DefaultStore);
}
