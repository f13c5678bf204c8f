namespace Diarist.Inference.Kernels;

/// <summary>
/// The activations of a 2-D network, shape (height, width, channels), channels innermost, within a border of zeros: one
/// row and column before, and after as many as complete the 4×4 tiles of the Winograd convolution plus one. Convolutions of
/// 3×3 therefore read beyond the edge without testing for it.
/// </summary>
internal sealed unsafe class FeatureMap : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private float* _origin;

    /// <summary>Takes memory for a map; only the border is set.</summary>
    public FeatureMap(int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Height, Width, Channels) = (height, width, channels);
        int rows = ((height + 3) / 4 * 4) + 2;
        RowStride = (((width + 3) / 4 * 4) + 2) * channels;
        if (RowStride % 1024 == 0)
        {
            // Rows 4 KiB apart would share the same few lines of the first-level cache.
            RowStride += 16;
        }

        // The last tile of a map that was narrowed may reach so far beyond the last row: no number may stand there that is none.
        int length = checked((rows * RowStride) + (4 * channels));
        _buffer = AlignedBuffer.Rent(length);
        _origin = _buffer.Pointer + RowStride + channels;
        Span<float> values = _buffer.Span[..length];
        values[..RowStride].Clear();
        values[((height + 1) * RowStride)..].Clear();
        for (int y = 1; y <= height; y++)
        {
            Span<float> row = values.Slice(y * RowStride, RowStride);
            row[..channels].Clear();
            row[((width + 1) * channels)..].Clear();
        }
    }

    /// <summary>Rows: frequencies.</summary>
    public int Height { get; }

    /// <summary>Columns: time.</summary>
    public int Width { get; private set; }

    /// <summary>Values at a position.</summary>
    public int Channels { get; }

    /// <summary>Values from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>The channels at a position; −1 and the extents are the border.</summary>
    public float* At(int y, int x) => _origin + ((nint)y * RowStride) + ((nint)x * Channels);

    /// <summary>Leaves columns on either side out; what they held is the border from then on.</summary>
    /// <param name="left">Columns to leave out at the beginning.</param>
    /// <param name="width">Columns to keep.</param>
    public void Narrow(int left, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + width, Width, nameof(width));
        _origin = At(0, left);
        Width = width;
    }

    public void Dispose() => _buffer.Dispose();
}
