using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>Finds the speech in a clean recording of one voice by its energy; good enough to trim and to cut at pauses, and no more.</summary>
internal static class EnergySpeech
{
    private const int FrameSamples = MonoStream.SampleRate / 100;
    private const int MinPauseFrames = 25;
    private const int MinSpeechFrames = 5;
    private const int MinPartSamples = 4 * MonoStream.SampleRate / 10;

    // Below the level that the loudest twentieth of the frames exceeds.
    private const double ThresholdDb = -35;

    /// <summary>The stretches of speech in seconds, on a grid of 10 ms; pauses below 0.25 s belong to speech.</summary>
    public static IReadOnlyList<TimeRange> Find(ReadOnlySpan<float> samples)
    {
        double[] energies = Energies(samples);
        if (energies.Length == 0)
        {
            return [];
        }

        double loud = energies.Order().ElementAt(energies.Length * 19 / 20);
        double threshold = loud * Math.Pow(10, ThresholdDb / 10);
        var regions = new List<(int Start, int End)>();
        for (int i = 0; i < energies.Length; i++)
        {
            if (energies[i] <= threshold)
            {
                continue;
            }

            if (regions.Count > 0 && i - regions[^1].End < MinPauseFrames)
            {
                regions[^1] = (regions[^1].Start, i + 1);
            }
            else
            {
                regions.Add((i, i + 1));
            }
        }

        return [.. regions.Where(region => region.End - region.Start >= MinSpeechFrames).Select(region => new TimeRange(region.Start / 100.0, region.End / 100.0))];
    }

    /// <summary>
    /// Cuts a stretch of speech that is much longer than wanted in two, at the quietest 50 ms near the wanted length:
    /// between words, mostly.
    /// </summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="region">Which of its stretches.</param>
    /// <param name="wanted">Samples that its first part should have.</param>
    /// <returns>The utterance with one stretch more, or as it was.</returns>
    public static LoadedUtterance Split(LoadedUtterance utterance, int region, double wanted)
    {
        SampleRange speech = utterance.Speech[region];
        if (speech.Length < (1.5 * wanted) + MinPartSamples)
        {
            return utterance;
        }

        double[] energies = Energies(utterance.Samples.AsSpan(speech.Start, speech.Length));
        int first = Math.Max(MinPartSamples, (int)(0.7 * wanted)) / FrameSamples;
        int last = Math.Min(speech.Length - MinPartSamples, (int)(1.3 * wanted)) / FrameSamples;
        int quietest = Enumerable.Range(first, Math.Max(1, last - first)).MinBy(frame => energies[(frame - 2)..(frame + 3)].Sum());
        int cut = speech.Start + (quietest * FrameSamples);
        return utterance with
        {
            Speech = [.. utterance.Speech.Take(region), speech with { End = cut }, speech with { Start = cut }, .. utterance.Speech.Skip(region + 1)],
        };
    }

    private static double[] Energies(ReadOnlySpan<float> samples)
    {
        var energies = new double[samples.Length / FrameSamples];
        for (int i = 0; i < energies.Length; i++)
        {
            foreach (float sample in samples.Slice(i * FrameSamples, FrameSamples))
            {
                energies[i] += (double)sample * sample;
            }
        }

        return energies;
    }
}
