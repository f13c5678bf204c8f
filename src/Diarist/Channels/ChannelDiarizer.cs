using Diarist.Audio;

namespace Diarist.Channels;

/// <summary>
/// Tells the speakers of a conversation apart that has a channel, a track or a file for each person or side: each
/// channel is diarized on its own, what leaks from one into another is removed, and the turns are joined.
/// </summary>
/// <param name="diarizer">Diarizes each channel; see <see cref="OptionsFor"/>.</param>
/// <example>
/// <code>
/// var diarizer = new ChannelDiarizer(Diarizer.Create(store, ChannelDiarizer.OptionsFor(new DiarizerOptions(), speakersPerChannel: 1)));
/// Diarization call = diarizer.Diarize(ChannelDiarizer.ChannelsOf("call.wav"));
/// </code>
/// </example>
public sealed class ChannelDiarizer(Diarizer diarizer)
{
    /// <summary>The options with which each channel is diarized.</summary>
    /// <param name="options">The options for the whole; a number of speakers in them is one for each channel.</param>
    /// <param name="speakersPerChannel">How many people are on each channel; with 1 only voice activity has to be found.</param>
    public static DiarizerOptions OptionsFor(DiarizerOptions options, int? speakersPerChannel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return speakersPerChannel switch
        {
            null => options,
            1 => options with { Recipe = Recipe.VoiceActivity, Threshold = null, Step = null, Precision = Precision.Auto, KeepEmbeddings = false, Speakers = null, MinimumSpeakers = null, MaximumSpeakers = null },
            _ => options with { Speakers = speakersPerChannel, MinimumSpeakers = null, MaximumSpeakers = null },
        };
    }

    /// <summary>The channels of a file, labelled <c>CH1</c>, <c>CH2</c> and so on. It is opened once for each of them.</summary>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    public static IReadOnlyList<ChannelSource> ChannelsOf(string path, AudioReadOptions? options = null)
    {
        options ??= new AudioReadOptions();
        using AudioStream audio = AudioReader.Open(path, options);
        return [.. Enumerable.Range(1, audio.Info.Channels).Select(channel => new ChannelSource($"CH{channel}", () => AudioReader.Open(path, options with { Channel = channel })))];
    }

    /// <summary>Diarizes a conversation.</summary>
    /// <param name="channels">Its channels, which start at the same time; they are read one after the other.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>
    /// The turns of all channels. A channel with one speaker gives its label to the speaker; with several, labels are
    /// the channel's followed by <c>_SPEAKER_00</c> and so on.
    /// </returns>
    /// <exception cref="ArgumentException">There is no channel, or two have one label.</exception>
    /// <exception cref="InputException">A channel cannot be read or decoded.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(IReadOnlyList<ChannelSource> channels, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0 || channels.Select(channel => channel.Label).Distinct().Count() < channels.Count)
        {
            throw new ArgumentException("There must be one channel or more, each with a label of its own.", nameof(channels));
        }

        var parts = new Diarization[channels.Count];
        var powers = new IReadOnlyList<float>[channels.Count];
        for (int channel = 0; channel < channels.Count; channel++)
        {
            using var audio = new MeteredStream(channels[channel].Open());
            parts[channel] = diarizer.Diarize(audio, progress is null ? null : new ShareOfProgress(progress, channel, channels.Count), cancellationToken);
            powers[channel] = audio.Powers;
        }

        return Join(channels, parts, new CrossTalk(powers, [.. parts.Select(part => part.Turns.Select(turn => turn.Range).ToArray())]));
    }

    /// <summary>Joins the diarizations of channels.</summary>
    internal static Diarization Join(IReadOnlyList<ChannelSource> channels, IReadOnlyList<Diarization> parts, CrossTalk crossTalk)
    {
        var turns = new List<Turn>();
        var exclusive = new List<IReadOnlyList<Turn>>();
        var ghosts = new HashSet<string>(StringComparer.Ordinal);
        var warnings = new List<string>();
        for (int channel = 0; channel < parts.Count; channel++)
        {
            if (crossTalk.DuplicateOf(channel) is int same)
            {
                warnings.Add($"{channels[channel].Label} carries the same sound as {channels[same].Label} and was left out; a mix of them tells the speakers apart by their voices.");
                exclusive.Add([]);
                continue;
            }

            IReadOnlyList<Turn> own = OwnTurns.Cut(parts[channel].Turns, channel, crossTalk);
            Dictionary<string, string> labels = Labels(channels[channel].Label, own);
            int number = channel + 1;
            turns.AddRange(own.Select(turn => turn with { Speaker = labels[turn.Speaker], Channel = number }));
            exclusive.Add([.. OwnTurns.Cut(parts[channel].ExclusiveTurns, channel, crossTalk).Where(turn => labels.ContainsKey(turn.Speaker)).Select(turn => turn with { Speaker = labels[turn.Speaker], Channel = number })]);
            ghosts.UnionWith(parts[channel].Speakers.Where(speaker => speaker.IsGhost && labels.ContainsKey(speaker.Label)).Select(speaker => labels[speaker.Label]));
        }

        Turn[] ordered = [.. turns.OrderBy(turn => turn.Range).ThenBy(turn => turn.Speaker, StringComparer.Ordinal)];
        string[] speakers = [.. ordered.Select(turn => turn.Speaker).Distinct()];
        Diarization first = parts[0];
        return first with
        {
            Turns = ordered,
            ExclusiveTurns = ExclusiveTurns.Join(exclusive, crossTalk),
            Speakers = [.. speakers.Select(speaker => SpeakerSummary.Of(speaker, ordered, ghosts.Contains(speaker)))],
            Count = first.Count with
            {
                Found = speakers.Length,
                Automatic = speakers.Length,
                Certainty = parts.Min(part => part.Count.Certainty),
                Uncertain = parts.Any(part => part.Count.Uncertain),
            },
            Duration = parts.Max(part => part.Duration),
            Warnings = [.. parts.SelectMany(part => part.Warnings).Concat(warnings).Distinct()],
            Timing = null,
            SpeakerEmbeddings = null,
            Evidence = null,
            Probabilities = null,
        };
    }

    private static Dictionary<string, string> Labels(string channel, IReadOnlyList<Turn> turns)
    {
        string[] speakers = [.. turns.Select(turn => turn.Speaker).Distinct()];
        return speakers.Select((speaker, index) => (speaker, Label: speakers.Length == 1 ? channel : $"{channel}_SPEAKER_{index:00}")).ToDictionary(pair => pair.speaker, pair => pair.Label);
    }

    private sealed class ShareOfProgress(IProgress<DiarizationProgress> whole, int channel, int channels) : IProgress<DiarizationProgress>
    {
        // Channels are about as long as each other.
        public void Report(DiarizationProgress value) =>
            whole.Report(value with { Position = (channel * (value.Duration ?? value.Position)) + value.Position, Duration = channels * value.Duration });
    }
}
