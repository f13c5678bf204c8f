using Diarist.Accuracy.Identity;
using Diarist.Audio;
using Diarist.Simulation;

namespace Diarist.Accuracy.Sets;

/// <summary>One person of a conversation: their speech, cut into turns at its pauses, as loud and in the room that was drawn.</summary>
internal sealed class SetVoice
{
    private const double Level = 0.05;

    // Less than this, in seconds, of a stretch that was cut is left out.
    private const double ShortestRest = 0.4;

    private readonly List<(float[] Samples, TimeRange[] Speech)> _turns = [];
    private readonly SimulationRandom _random;
    private readonly RoomReverb? _room;
    private readonly bool _repeats;
    private int _next;

    public SetVoice(string person, IReadOnlyList<VoiceTake> takes, Func<VoiceTake, float[]> read, SetPlan plan, SimulationRandom random)
    {
        (Person, _random, _repeats) = (person, random, plan.Readers);
        double gain = Math.Pow(10, ((12 * random.NextDouble()) - 6) / 20);
        _room = plan.Rooms ? new RoomReverb(0.15 + (0.35 * random.NextDouble()), directToReverberantDb: 4, random) : null;
        foreach (VoiceTake take in plan.OneSession ? [takes[random.Next(takes.Count)]] : takes)
        {
            Cut(read(take), gain, plan);
        }

        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_turns));
    }

    /// <summary>Who it is.</summary>
    public string Person { get; }

    /// <summary>Whether there is anything to say.</summary>
    public bool HasTurns => _turns.Count > 0;

    /// <summary>Whether everything was said; readers begin again.</summary>
    public bool IsSilent => !_repeats && _next >= _turns.Count;

    /// <summary>The next turn; from the first again when there are no more.</summary>
    public (float[] Samples, TimeRange[] Speech) Next()
    {
        (float[] samples, TimeRange[] speech) = _turns[_next++ % _turns.Count];
        return (_room?.Apply(samples) ?? samples, speech);
    }

    /// <summary>A brief sound: the beginning of a turn.</summary>
    public (float[] Samples, TimeRange[] Speech) Brief()
    {
        (float[] samples, TimeRange[] speech) = Next();
        double length = Math.Min(speech[0].Duration, 0.3 + (0.6 * _random.NextDouble()));
        var own = new TimeRange(speech[0].Start, speech[0].Start + length);
        return (samples[..Math.Min(samples.Length, (int)(own.End * MonoStream.SampleRate))], [own]);
    }

    /// <summary>
    /// Stretches of speech follow each other in a turn until it is as long as was drawn; a longer one is cut, and the next turn begins there: in a recording
    /// with noise no pause may be found at all.
    /// </summary>
    private void Cut(float[] samples, double gain, SetPlan plan)
    {
        List<TimeRange> speech = [.. EnergySpeech.Find(samples)];
        double power = speech.Sum(range => Samples(samples, range).ToArray().Sum(value => (double)value * value)) / Math.Max(1, speech.Sum(range => range.Duration) * MonoStream.SampleRate);
        float factor = (float)(Level * gain / Math.Sqrt(power + 1e-12));
        for (int first = 0; first < speech.Count;)
        {
            double wanted = plan.Turns.Shortest * Math.Pow(plan.Turns.Longest / plan.Turns.Shortest, _random.NextDouble());
            int behind = first + 1;
            while (behind < speech.Count && speech[behind].End - speech[first].Start < wanted)
            {
                behind++;
            }

            double start = speech[first].Start, end = Math.Min(speech[behind - 1].End, start + Math.Max(wanted, 0.4));
            float[] turn = [.. Samples(samples, new TimeRange(start, end)).ToArray().Select((value, index) => value * factor * Math.Min(1, (index + 1) / 80f))];
            for (int i = 1; i <= Math.Min(80, turn.Length); i++)
            {
                turn[^i] *= i / 80f;
            }

            if (speech[behind - 1].End - end > ShortestRest)
            {
                speech.Insert(behind, new TimeRange(end, speech[behind - 1].End));
            }

            _turns.Add((turn, [.. speech.Skip(first).Take(behind - first).Select(range => new TimeRange(range.Start - start, Math.Min(range.End, end) - start)).Where(range => !range.IsEmpty)]));
            first = behind;
        }
    }

    private static ReadOnlySpan<float> Samples(float[] samples, TimeRange range)
    {
        int from = Math.Min(samples.Length, (int)(range.Start * MonoStream.SampleRate)), to = Math.Min(samples.Length, (int)(range.End * MonoStream.SampleRate));
        return samples.AsSpan(from, to - from);
    }
}
