using Diarist.Audio;
using Diarist.Simulation;

namespace Diarist.Accuracy.Sets;

/// <summary>Places the turns of voices in time, and makes the sound.</summary>
internal sealed class SetMixer(SetPlan plan, IReadOnlyList<SetVoice> voices, IReadOnlyList<string> beds, SimulationRandom random)
{
    private const double FillTruthPause = 0.3;
    private const float Peak = 0.7f;

    private float[] _mix = new float[(int)(plan.Seconds * MonoStream.SampleRate)];
    private readonly List<Turn> _truth = [];
    private double _end = 0.3 + random.NextDouble();

    /// <summary>The conversation: samples and who really speaks.</summary>
    public (float[] Samples, IReadOnlyList<Turn> Truth) Make()
    {
        int previous = -1;
        while (_end < plan.Seconds - 0.5)
        {
            int speaker = Draw(previous);
            if (speaker < 0)
            {
                break;
            }

            (float[] samples, TimeRange[] speech) = voices[speaker].Next();
            double length = samples.Length / (double)MonoStream.SampleRate;
            bool interrupts = previous >= 0 && previous != speaker && random.NextDouble() < plan.Interrupting;
            double start = interrupts ? Math.Max(0, _end - Math.Min(0.3 + (1.5 * random.NextDouble()), 0.6 * length)) : _end + Pause();
            Place(voices[speaker].Person, start, samples, speech);
            if (voices.Count > 1 && random.NextDouble() < plan.Backchannels * length / 60)
            {
                int other = Draw(speaker);
                if (other >= 0 && other != speaker)
                {
                    (float[] brief, TimeRange[] sound) = voices[other].Brief();
                    Place(voices[other].Person, start + (length * random.NextDouble()), brief, sound);
                }
            }

            _end = Math.Max(_end, start + length);
            previous = speaker;
        }

        _mix = _mix[..Math.Min(_mix.Length, (int)((_end + 0.5) * MonoStream.SampleRate))];
        AddBed();
        float[] heard = plan.Telephone ? TelephoneChannel.Apply(_mix) : _mix;
        float scale = Peak / Math.Max(1e-6f, heard.Max(MathF.Abs));
        return ([.. heard.Select(value => value * scale)], Joined());
    }

    private double Pause() => -0.5 * Math.Log(1 - random.NextDouble()) + 0.05;

    /// <summary>Anybody who has something to say, by their shares; the one who spoke last only when nobody else has; −1 for nobody.</summary>
    private int Draw(int previous)
    {
        int[] ready = [.. Enumerable.Range(0, voices.Count).Where(voice => !voices[voice].IsSilent)];
        int[] others = [.. ready.Where(voice => voice != previous)];
        int[] drawn = others.Length > 0 ? others : ready;
        double at = random.NextDouble() * drawn.Sum(voice => plan.Shares[voice]);
        foreach (int voice in drawn)
        {
            at -= plan.Shares[voice];
            if (at < 0)
            {
                return voice;
            }
        }

        return drawn.Length > 0 ? drawn[^1] : -1;
    }

    private void Place(string person, double start, float[] samples, TimeRange[] speech)
    {
        int first = (int)(start * MonoStream.SampleRate);
        for (int i = 0; i < samples.Length && first + i < _mix.Length; i++)
        {
            _mix[first + i] += samples[i];
        }

        double at = first / (double)MonoStream.SampleRate;
        _truth.AddRange(speech.Select(range => new Turn(at + range.Start, Math.Min(at + range.End, plan.Seconds), person)).Where(turn => turn.Duration > 0.01));
    }

    private void AddBed()
    {
        double decibels = plan.BedDb.Least + ((plan.BedDb.Most - plan.BedDb.Least) * random.NextDouble());
        double speech = Math.Max(1, _truth.Sum(turn => turn.Duration) * MonoStream.SampleRate);
        double power = _mix.Sum(value => (double)value * value) / speech;
        if (plan.Bed == Bed.Room)
        {
            BackgroundNoise.Add(_mix, power, decibels, random);
            return;
        }

        string[] kinds = [.. beds.Where(path => IsMusic(path) == (plan.Bed == Bed.Music))];
        float[] bed = AudioReader.ReadMono(kinds[random.Next(kinds.Length)]);
        double gain = Math.Sqrt(power * Math.Pow(10, -decibels / 10) / (bed.Average(value => (double)value * value) + 1e-12));
        for (int i = 0; i < _mix.Length; i++)
        {
            _mix[i] += (float)(gain * bed[i % bed.Length]);
        }
    }

    private static bool IsMusic(string path) => path.Contains("instruments", StringComparison.Ordinal) || path.Contains("music", StringComparison.Ordinal);

    /// <summary>Pauses of one speaker below 0.3 s belong to speech.</summary>
    private List<Turn> Joined()
    {
        var joined = new List<Turn>();
        foreach (IGrouping<string, Turn> own in _truth.GroupBy(turn => turn.Speaker, StringComparer.Ordinal))
        {
            Turn? last = null;
            foreach (Turn turn in own.OrderBy(turn => turn.Range))
            {
                if (last is { } before && turn.Start - before.End < FillTruthPause)
                {
                    last = before with { Range = new TimeRange(before.Start, Math.Max(before.End, turn.End)) };
                    continue;
                }

                joined.AddRange(last is { } whole ? [whole] : []);
                last = turn;
            }

            joined.Add(last!.Value);
        }

        joined.Sort((left, right) => left.Range.CompareTo(right.Range) is not 0 and var order ? order : string.CompareOrdinal(left.Speaker, right.Speaker));
        return joined;
    }
}
