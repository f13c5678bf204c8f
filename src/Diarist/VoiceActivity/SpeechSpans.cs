using Diarist.Networks.Silero;

namespace Diarist.VoiceActivity;

/// <summary>
/// Spans of speech from the probabilities of steps, by hysteresis: speech begins where the probability reaches the threshold
/// and ends where it falls below the lower threshold and does not come back to the upper one for a while.
/// Source: the rules of silero-vad's <c>get_speech_timestamps</c> (without its maximal length of a span).
/// </summary>
internal static class SpeechSpans
{
    private const int SampleRate = 16_000;

    /// <summary>Finds the spans.</summary>
    /// <param name="probabilities">One for each step of 512 samples, the last one perhaps partial.</param>
    /// <param name="samples">Samples of the recording.</param>
    /// <param name="options">Thresholds and durations.</param>
    /// <returns>Spans in order that do not overlap, within the recording.</returns>
    public static IReadOnlyList<TimeRange> Find(ReadOnlySpan<float> probabilities, long samples, SpeechSpanOptions? options = null)
    {
        options ??= new SpeechSpanOptions();
        return Pad(Hysteresis(probabilities, samples, options), samples, (long)(options.Pad * SampleRate));
    }

    private static List<(long Start, long End)> Hysteresis(ReadOnlySpan<float> probabilities, long samples, SpeechSpanOptions options)
    {
        double minSpeech = options.MinimumSpeech * SampleRate, minSilence = options.MinimumSilence * SampleRate;
        List<(long Start, long End)> spans = [];
        long start = -1, silence = -1;
        for (int step = 0; step < probabilities.Length; step++)
        {
            long now = (long)step * SileroVad.StepSamples;
            if (probabilities[step] >= options.Threshold)
            {
                silence = -1;
                start = start < 0 ? now : start;
            }
            else if (probabilities[step] < options.NegativeThreshold && start >= 0)
            {
                silence = silence < 0 ? now : silence;
                if (now - silence >= minSilence)
                {
                    Add(start, silence);
                    start = silence = -1;
                }
            }
        }

        if (start >= 0)
        {
            Add(start, samples);
        }

        return spans;

        void Add(long from, long to)
        {
            if (to - from > minSpeech)
            {
                spans.Add((from, to));
            }
        }
    }

    private static TimeRange[] Pad(List<(long Start, long End)> spans, long samples, long pad)
    {
        TimeRange[] padded = new TimeRange[spans.Count];
        for (int i = 0; i < spans.Count; i++)
        {
            long before = i == 0 ? long.MaxValue : spans[i].Start - spans[i - 1].End;
            long after = i == spans.Count - 1 ? long.MaxValue : spans[i + 1].Start - spans[i].End;
            long start = Math.Max(0, spans[i].Start - Share(before)), end = Math.Min(samples, spans[i].End + Share(after));
            padded[i] = new TimeRange(start / (double)SampleRate, end / (double)SampleRate);
        }

        return padded;

        // A silence that has no room for both pads is shared.
        long Share(long silence) => silence < 2 * pad ? silence / 2 : pad;
    }
}
