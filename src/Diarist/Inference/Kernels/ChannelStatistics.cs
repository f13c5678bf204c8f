namespace Diarist.Inference.Kernels;

/// <summary>
/// Running mean and variance of each channel over time, and what instance normalization makes of them. Sums are of
/// differences from the first frame, so that a channel that never changes has a variance of exactly 0.
/// </summary>
internal sealed unsafe class ChannelStatistics : IDisposable
{
    /// <summary>What instance normalization adds to the variance.</summary>
    public const double Epsilon = 1e-5;

    private readonly AlignedBuffer _memory;

    /// <summary>Makes statistics of no frames.</summary>
    /// <param name="channels">Channels with padding, a multiple of 16.</param>
    public ChannelStatistics(int channels)
    {
        Channels = channels;
        _memory = AlignedBuffer.Rent(5 * channels);
        Reset();
    }

    /// <summary>Channels with padding.</summary>
    public int Channels { get; }

    /// <summary>Frames counted so far.</summary>
    public int Frames { get; set; }

    /// <summary>The first frame.</summary>
    public float* Origin => _memory.Pointer;

    /// <summary>Sums of differences from the first frame.</summary>
    public float* Sums => _memory.Pointer + Channels;

    /// <summary>Sums of squared differences from the first frame.</summary>
    public float* Squares => _memory.Pointer + (2 * Channels);

    /// <summary>After <see cref="Finish"/>: the factor of each channel.</summary>
    public float* Scale => _memory.Pointer + (3 * Channels);

    /// <summary>After <see cref="Finish"/>: what is added to each channel after scaling.</summary>
    public float* Shift => _memory.Pointer + (4 * Channels);

    /// <summary>Forgets all frames.</summary>
    public void Reset()
    {
        Frames = 0;
        _memory.Span.Clear();
    }

    /// <summary>Turns the sums into the affine map of instance normalization, weight · (x − mean) / √(variance + ε) + bias, biased variance.</summary>
    /// <param name="weight">A weight for each channel; 0 for padding.</param>
    /// <param name="bias">A bias for each channel.</param>
    public void Finish(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            double mean = (double)Sums[channel] / Frames;
            double variance = Math.Max(0, ((double)Squares[channel] / Frames) - (mean * mean));
            bool used = channel < weight.Length;
            double scale = used ? weight[channel] / Math.Sqrt(variance + Epsilon) : 0;
            Scale[channel] = (float)scale;
            Shift[channel] = used ? (float)(bias[channel] - ((Origin[channel] + mean) * scale)) : 0;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();
}
