namespace Diarist.Channels;

/// <summary>
/// Tells a channel's own voice from another channel's that leaks into it. What leaks is a fixed number of decibels quieter
/// than at its source; that number is measured where only the other channel speaks, and what is no louder than it says
/// (with a margin) is the other's. Levels are means over 0.2 s.
/// </summary>
internal sealed class CrossTalk
{
    private const int HalfWindow = MeteredStream.FramesPerSecond / 10;
    private const double Silence = 1e-12;

    // A leak is measured where the other channel speaks within this of its loud passages, over at least half a second.
    private const double LoudRange = 25;
    private const int FewestFrames = 50;

    // In a conversation the other is alone for most of the time it speaks, so the quieter ratios are the leak's.
    private const double LeakQuantile = 0.25;

    // Half the way to equal levels, at most this much: a reverberant leak varies by about as much.
    private const double WidestMargin = 8;

    // Channels neither of which is ever louder than this over the other carry the same sound.
    private const double SameSound = 1.5;

    private readonly double[][] _levels;
    private readonly double[] _loud;
    private readonly double[,] _leaks;

    /// <summary>Measures the leaks.</summary>
    /// <param name="powers">For each channel the power in each 10 ms.</param>
    /// <param name="active">For each channel where somebody speaks in it, the leaks included.</param>
    public CrossTalk(IReadOnlyList<IReadOnlyList<float>> powers, IReadOnlyList<IReadOnlyList<TimeRange>> active)
    {
        int frames = powers.Max(channel => channel.Count);
        _levels = [.. powers.Select(channel => Smooth(channel, frames))];
        bool[][] speaks = [.. active.Select(spans => Mark(spans, frames))];
        _loud = [.. _levels.Select((levels, channel) => Quantile([.. levels.Where((_, frame) => speaks[channel][frame])], 0.95) ?? double.NegativeInfinity)];
        _leaks = new double[powers.Count, powers.Count];
        for (int from = 0; from < powers.Count; from++)
        {
            for (int into = 0; into < powers.Count; into++)
            {
                _leaks[from, into] = from == into ? double.NegativeInfinity : Leak(from, into, speaks[from]);
            }
        }
    }

    /// <summary>The frames of the measurement.</summary>
    public int Frames => _levels[0].Length;

    /// <summary>How loud a channel is around a frame against its own loud passages, in dB.</summary>
    public double RelativeLevel(int channel, int frame) => _levels[channel][frame] - _loud[channel];

    /// <summary>An earlier channel that carries the same sound; <see langword="null"/> when there is none.</summary>
    public int? DuplicateOf(int channel)
    {
        for (int earlier = 0; earlier < channel; earlier++)
        {
            if (_leaks[earlier, channel] > -SameSound && _leaks[channel, earlier] > -SameSound)
            {
                return earlier;
            }
        }

        return null;
    }

    /// <summary>Whether what sounds in a channel at a frame is only what leaks into it.</summary>
    public bool IsLeak(int channel, int frame)
    {
        for (int other = 0; other < _levels.Length; other++)
        {
            double leak = _leaks[other, channel];
            double ratio = _levels[channel][frame] - _levels[other][frame];
            if (ratio < 0 && ratio <= leak + Math.Clamp(-leak / 2, 0, WidestMargin))
            {
                return true;
            }
        }

        return false;
    }

    private double Leak(int from, int into, bool[] speaks)
    {
        var ratios = new List<double>();
        for (int frame = 0; frame < Frames; frame++)
        {
            double ratio = _levels[into][frame] - _levels[from][frame];
            if (speaks[frame] && ratio <= 0 && _levels[from][frame] > _loud[from] - LoudRange)
            {
                ratios.Add(ratio);
            }
        }

        return ratios.Count < FewestFrames ? double.NegativeInfinity : Quantile(ratios, LeakQuantile)!.Value;
    }

    private static double? Quantile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? null : values[(int)(share * (values.Count - 1))];
    }

    private static bool[] Mark(IReadOnlyList<TimeRange> spans, int frames)
    {
        var marked = new bool[frames];
        foreach (TimeRange span in spans)
        {
            int first = Math.Clamp((int)Math.Round(span.Start * MeteredStream.FramesPerSecond), 0, frames);
            int end = Math.Clamp((int)Math.Round(span.End * MeteredStream.FramesPerSecond), first, frames);
            marked.AsSpan(first..end).Fill(true);
        }

        return marked;
    }

    // A channel that ends earlier is silent from there on.
    private static double[] Smooth(IReadOnlyList<float> powers, int frames)
    {
        var sums = new double[frames + 1];
        for (int frame = 0; frame < frames; frame++)
        {
            sums[frame + 1] = sums[frame] + (frame < powers.Count ? powers[frame] : 0);
        }

        var levels = new double[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            int first = Math.Max(0, frame - HalfWindow);
            int end = Math.Min(frames, frame + HalfWindow + 1);
            levels[frame] = 10 * Math.Log10(Math.Max(0, sums[end] - sums[first]) / (end - first) + Silence);
        }

        return levels;
    }
}
