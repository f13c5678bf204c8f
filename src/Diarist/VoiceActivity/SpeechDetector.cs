using Diarist.Audio;
using Diarist.Networks.Silero;

namespace Diarist.VoiceActivity;

/// <summary>Where somebody speaks in a recording, read as a stream: only the probabilities of its steps are kept.</summary>
public static class SpeechDetector
{
    /// <summary>Finds the spans of speech.</summary>
    /// <param name="network">The detector's network.</param>
    /// <param name="mono">The recording, read from here to its end.</param>
    /// <param name="options">Thresholds and durations.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Spans in order that do not overlap, and the recording's length, both in seconds.</returns>
    public static (IReadOnlyList<TimeRange> Spans, double Duration) Find(SileroVad network, MonoStream mono, SpeechSpanOptions options, CancellationToken cancellationToken)
    {
        using var stream = new SileroVadStream(network);
        var probabilities = new List<float>();
        float[] samples = new float[MonoStream.SampleRate];
        long total = 0;
        for (int count; (count = mono.Read(samples)) > 0; total += count)
        {
            float[] finished = new float[stream.StepsAfter(count)];
            stream.Push(samples.AsSpan(0, count), finished, cancellationToken);
            probabilities.AddRange(finished);
        }

        float[] last = new float[1];
        probabilities.AddRange(last.AsSpan(0, stream.Finish(last)));
        return (SpeechSpans.Find(probabilities.ToArray(), total, options), total / (double)MonoStream.SampleRate);
    }
}
