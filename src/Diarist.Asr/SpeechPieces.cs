using Diarist.Audio;

namespace Diarist.Asr;

/// <summary>A stretch of a recording that a recognizer gets by itself.</summary>
/// <param name="From">Its first sample at 16 kHz.</param>
/// <param name="To">The sample behind its last.</param>
/// <param name="Speech">The speech in it, from the first span's start to the last one's end, in seconds of the recording.</param>
internal readonly record struct SpeechPiece(long From, long To, TimeRange Speech);

/// <summary>Joins spans of speech to pieces of a size that recognizers like.</summary>
internal static class SpeechPieces
{
    /// <summary>Pieces begin and end on whole milliseconds, so that times in them come back as they were, digit for digit.</summary>
    private const int SamplesPerMillisecond = MonoStream.SampleRate / 1000;

    /// <summary>The pieces of a recording, in order; they do not overlap.</summary>
    /// <param name="spans">Spans of speech, in order, disjoint.</param>
    /// <param name="options">How they are joined.</param>
    public static IReadOnlyList<SpeechPiece> From(IReadOnlyList<TimeRange> spans, SpeechSpanTranscriberOptions options)
    {
        var joined = new List<TimeRange>();
        foreach (TimeRange span in spans.Where(span => !span.IsEmpty))
        {
            bool fits = joined.Count > 0
                && span.Start - joined[^1].End <= options.MaximumGap
                && span.End - joined[^1].Start + (2 * options.Margin) <= options.MaximumLength;
            if (fits)
            {
                joined[^1] = new TimeRange(joined[^1].Start, span.End);
            }
            else
            {
                joined.Add(span);
            }
        }

        var pieces = new SpeechPiece[joined.Count];
        for (int i = 0; i < pieces.Length; i++)
        {
            // Margins that would overlap meet in the middle of the silence between.
            TimeRange speech = joined[i];
            double before = i > 0 ? (joined[i - 1].End + speech.Start) / 2 : 0;
            double after = i + 1 < pieces.Length ? (speech.End + joined[i + 1].Start) / 2 : double.PositiveInfinity;
            pieces[i] = new SpeechPiece(Sample(Math.Max(before, speech.Start - options.Margin)), Sample(Math.Min(after, speech.End + options.Margin)), speech);
        }

        return pieces;
    }

    private static long Sample(double seconds) => SamplesPerMillisecond * (long)Math.Round(1000 * seconds);
}
