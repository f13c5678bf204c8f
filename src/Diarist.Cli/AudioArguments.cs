using System.CommandLine;
using System.Globalization;
using Diarist.Audio;

namespace Diarist.Cli;

/// <summary>The options that say what of a recording is listened to, and what it does not say about itself.</summary>
internal static class AudioArguments
{
    private const int MostChannels = 1024;

    private static readonly (string Name, RawCoding Coding)[] Codings =
    [
        ("ul", RawCoding.MuLaw), ("al", RawCoding.ALaw), ("u8", RawCoding.Unsigned8), ("s16", RawCoding.Signed16), ("s24", RawCoding.Signed24),
        ("s32", RawCoding.Signed32), ("f32", RawCoding.FloatingPoint32), ("f64", RawCoding.FloatingPoint64),
    ];

    private static readonly Option<string> Channels = ChannelsOption("mix averages them, separate diarizes each on its own and joins the turns, a number takes that one (from 1).");
    private static readonly Option<string> MixedChannels = ChannelsOption("mix averages them, a number takes that one (from 1).");
    private static readonly Option<int?> SpeakersPerChannel = OptionFactory.Count("--speakers-per-channel", "With --channels separate, --track all or --tracks: how many people are on each; 1 is fastest.", 1, 1000);
    private static readonly Option<bool> Tracks = new("--tracks") { Description = "The recordings are tracks of one conversation, a file for each person or side, that start together." };
    private static readonly Option<string?> Track = TrackOption("this number (from 1), or all, each diarized on its own", "N|all");
    private static readonly Option<string?> MixedTrack = TrackOption("this number (from 1)", "N");
    private static readonly Option<string?> Raw = new("--raw")
    {
        Description = $"The recording has no header; it holds samples of this coding ({string.Join(", ", Codings.Select(coding => coding.Name))}), sample rate and number of channels, such as ul:8000:1.",
        HelpName = "CODING:RATE:CHANNELS",
    };

    /// <summary>Adds the options of a command that diarizes.</summary>
    /// <param name="command">The command.</param>
    /// <param name="files">Whether it takes several files.</param>
    public static void AddTo(Command command, bool files = false)
    {
        foreach (Option option in (Option[])[Channels, SpeakersPerChannel, Track, Raw, .. files ? [Tracks] : (Option[])[]])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Adds the options of a command that takes a recording as one signal.</summary>
    public static void AddMixedTo(Command command)
    {
        foreach (Option option in (Option[])[MixedChannels, MixedTrack, Raw])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options as given.</summary>
    public static RecordingOptions Read(ParseResult parsed)
    {
        string channels = parsed.GetResult(MixedChannels) is null ? parsed.GetValue(Channels) ?? "mix" : parsed.GetRequiredValue(MixedChannels);
        bool mixed = parsed.GetResult(Channels) is null;
        string? track = parsed.GetValue(Track) ?? parsed.GetValue(MixedTrack);
        var options = new RecordingOptions
        {
            SeparatesChannels = channels == "separate" && !mixed,
            SeparatesTracks = track == "all" && !mixed,
            JoinsFiles = parsed.GetValue(Tracks),
            SpeakersPerChannel = parsed.GetValue(SpeakersPerChannel),
            Reading = new AudioReadOptions
            {
                Channel = channels is "mix" || (channels == "separate" && !mixed) ? null : Number("--channels", channels, mixed ? "mix or a number" : "mix, separate or a number"),
                Track = track is null || (track == "all" && !mixed) ? null : Number("--track", track, mixed ? "a number" : "a number or all"),
                Raw = parsed.GetValue(Raw) is { } raw ? RawFormat(raw) : null,
            },
        };
        if (options.SpeakersPerChannel is not null && !options.Separates)
        {
            throw new UsageException("--speakers-per-channel needs --channels separate, --track all or --tracks.");
        }

        return options;
    }

    private static Option<string?> TrackOption(string which, string value) => new("--track")
    {
        Description = $"Of a file with several audio tracks, the one with {which}. Default: the one that the file marks.",
        HelpName = value,
    };

    private static Option<string> ChannelsOption(string description) => new("--channels")
    {
        Description = $"What becomes of the channels of a recording: {description}",
        DefaultValueFactory = _ => "mix",
        HelpName = "MODE",
    };

    private static int Number(string option, string text, string expected) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MostChannels
            ? number
            : throw new UsageException($"{option} takes {expected}, not '{text}'.");

    private static RawAudioFormat RawFormat(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 3
            && Array.Find(Codings, known => known.Name == parts[0]) is { Name: not null } coding
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is >= 1_000 and <= 1_048_575
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int channels) && channels is >= 1 and <= MostChannels
            ? new RawAudioFormat(coding.Coding, rate, channels)
            : throw new UsageException($"--raw takes CODING:RATE:CHANNELS, such as ul:8000:1, with one of {string.Join(", ", Codings.Select(known => known.Name))}, not '{text}'.");
    }
}
