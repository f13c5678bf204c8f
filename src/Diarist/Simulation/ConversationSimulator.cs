using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>
/// Mixes recordings of single people into conversations whose truth is known exactly. At most two people speak at
/// once, nobody overlaps themselves, and no sample of a recording is heard twice in a conversation. The same options,
/// index and recordings give the same conversation, sample for sample.
/// </summary>
public sealed class ConversationSimulator
{
    // A turn that would end this much later than the conversation should is not begun.
    private const int Tolerance = 2 * MonoStream.SampleRate;
    private const double MinOverlapSeconds = 0.2;

    private readonly SimulationOptions _options;
    private readonly SourceUtterance[][] _speakers;

    /// <summary>Takes all recordings of all people who may take part.</summary>
    /// <exception cref="ArgumentException">The options make no sense, or ask for more speakers than there are.</exception>
    public ConversationSimulator(SimulationOptions options, IEnumerable<SourceUtterance> utterances)
    {
        options.Validate();
        _options = options;
        _speakers = [.. utterances.GroupBy(utterance => utterance.Speaker)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.OrderBy(utterance => utterance.Id, StringComparer.Ordinal).ToArray())];
        if (_speakers.Length < options.Speakers.Maximum)
        {
            throw new ArgumentException($"{options.Speakers.Maximum} speakers were asked for, and there are recordings of {_speakers.Length}");
        }
    }

    /// <summary>Makes one conversation.</summary>
    /// <param name="index">Which one of the endless sequence that the seed stands for, from 0.</param>
    /// <param name="cancellation">Stops between turns.</param>
    /// <exception cref="InputException">A recording cannot be read or holds no speech.</exception>
    public SimulatedConversation Create(int index, CancellationToken cancellation = default)
    {
        var random = new SimulationRandom(_options.Seed, index);
        int count = _options.Speakers.DrawInteger(random);
        int length = SampleRange.ToGrid(_options.Duration.Draw(random));
        double overlap = _options.Overlap.Draw(random);
        SourceUtterance[][] chosen = [.. _speakers];
        random.Shuffle<SourceUtterance[]>(chosen);
        TurnQueue[] queues = [.. chosen.Take(count).Select(utterances => new TurnQueue(utterances, _options.TurnDuration, random))];

        var timeline = new Timeline();
        while (NextSpeaker(queues, timeline, random) is { } speaker)
        {
            cancellation.ThrowIfCancellationRequested();
            TurnAudio turn = speaker.Next() ?? throw new InputException(speaker.Speaker, "there is no speech in the recordings of this speaker");
            int start = ChooseStart(timeline, turn, overlap, random);
            if (timeline.Turns.Count >= count && start + turn.Length > length + Tolerance)
            {
                break;
            }

            timeline.Add(turn, start);
        }

        return ConversationMixer.Mix($"sim-{_options.Seed}-{index:0000}", timeline, _options, random);
    }

    // Everybody speaks once, in the order drawn; then anybody who did not speak last.
    private static TurnQueue? NextSpeaker(TurnQueue[] queues, Timeline timeline, SimulationRandom random)
    {
        if (timeline.Turns.Count < queues.Length)
        {
            return queues[timeline.Turns.Count];
        }

        TurnQueue[] ready = [.. queues.Where(queue => !queue.IsEmpty)];
        TurnQueue[] others = [.. ready.Where(queue => queue.Speaker != timeline.Turns[^1].Audio.Speaker)];
        return (others.Length, ready.Length) switch
        {
            (0, 0) => null,
            (0, _) => ready[0],
            _ => others[random.Next(others.Length)],
        };
    }

    private int ChooseStart(Timeline timeline, TurnAudio turn, double overlap, SimulationRandom random)
    {
        int earliest = Math.Max(timeline.SecondEnd, timeline.EndOf(turn.Speaker));

        // The overlap d that brings the share to what it should be: (overlapped + d) / (spoken + length − d) = share.
        double missing = ((overlap * (timeline.Spoken + turn.Speech.Sum(range => range.Length))) - timeline.Overlapped) / (1 + overlap);
        bool interrupts = random.NextDouble() < 0.7;

        // More than that, as the turns that only pause fall behind again and pauses within turns hide some of it.
        double wanted = missing * (1 + random.NextDouble());
        double pause = Math.Clamp(-Math.Log(1 - random.NextDouble()) * _options.MeanPause, 0.1, 3);
        if (timeline.Turns.Count > 0 && interrupts && missing >= MinOverlapSeconds * MonoStream.SampleRate)
        {
            int most = (int)(0.8 * Math.Min(turn.Length, timeline.Turns[^1].Audio.Length));
            int samples = Math.Min((int)wanted, Math.Min(most, timeline.End - earliest));
            return timeline.End - SampleRange.FloorToGrid(Math.Max(0, samples));
        }

        return Math.Max(earliest, timeline.End) + SampleRange.ToGrid(pause);
    }
}
