using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>A recording of one person that conversations are cut from; its samples are loaded when they are needed.</summary>
/// <param name="Id">A unique name.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Text">What is said; empty when nobody wrote it down.</param>
/// <param name="Load">Loads the samples, mono at 16 kHz.</param>
/// <param name="SpeechRegions">When there is speech, in seconds and order of time; found by energy when <see langword="null"/>.</param>
public sealed record SourceUtterance(string Id, string Speaker, string Text, Func<float[]> Load, IReadOnlyList<TimeRange>? SpeechRegions = null)
{
    /// <summary>Loads the utterance.</summary>
    internal LoadedUtterance ToMemory()
    {
        float[] samples = Load();
        List<SampleRange> speech = [];
        foreach (TimeRange region in SpeechRegions ?? EnergySpeech.Find(samples))
        {
            var range = new SampleRange(SampleRange.ToGrid(region.Start), Math.Min(SampleRange.ToGrid(region.End), SampleRange.FloorToGrid(samples.Length)));
            if (range.Length > 0)
            {
                speech.Add(range);
            }
        }

        return new LoadedUtterance(this, samples, speech);
    }
}

/// <summary>An utterance with its samples.</summary>
/// <param name="Source">Which one.</param>
/// <param name="Samples">Mono, 16 kHz.</param>
/// <param name="Speech">When there is speech, on the grid of <see cref="SampleRange"/>.</param>
internal sealed record LoadedUtterance(SourceUtterance Source, float[] Samples, IReadOnlyList<SampleRange> Speech);

/// <summary>A half-open interval in samples at 16 kHz. Speech begins and ends on whole milliseconds, so that truth survives being written with three decimals.</summary>
/// <param name="Start">The first sample.</param>
/// <param name="End">The first sample after.</param>
internal readonly record struct SampleRange(int Start, int End)
{
    private const int Grid = MonoStream.SampleRate / 1000;

    /// <summary>The number of samples.</summary>
    public int Length => End - Start;

    /// <summary>The sample at the whole millisecond nearest to an instant in seconds.</summary>
    public static int ToGrid(double seconds) => (int)Math.Round(seconds * 1000) * Grid;

    /// <summary>The last whole millisecond that is not after a sample.</summary>
    public static int FloorToGrid(int sample) => sample / Grid * Grid;

    /// <summary>The interval moved later.</summary>
    public SampleRange Shift(int samples) => new(Start + samples, End + samples);

    /// <summary>The number of samples that both intervals hold.</summary>
    public int Overlap(SampleRange other) => Math.Max(0, Math.Min(End, other.End) - Math.Max(Start, other.Start));

    /// <summary>The interval in seconds.</summary>
    public TimeRange ToTime() => new(Start / (double)MonoStream.SampleRate, End / (double)MonoStream.SampleRate);
}
