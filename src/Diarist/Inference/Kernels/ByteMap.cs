namespace Diarist.Inference.Kernels;

/// <summary>
/// A <see cref="FeatureMap"/> of quantized activations: one unsigned byte a value, shape (height, width, channels), channels
/// innermost, within a border of zeros that completes tiles of 4×4. Zero is exact in this form, so a border of zeros is one of real zeros.
/// </summary>
internal sealed unsafe class ByteMap : IDisposable
{
    private readonly AlignedBuffer? _buffer;
    private byte* _origin;

    /// <summary>Takes memory for a map; only the border is set.</summary>
    public ByteMap(int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Height, Width, Channels) = (height, width, channels);
        int rows = ((height + 3) / 4 * 4) + 2;
        RowStride = (((width + 3) / 4 * 4) + 2) * channels;
        if (RowStride % 4096 == 0)
        {
            // Rows 4 KiB apart would share the same few lines of the first-level cache.
            RowStride += 64;
        }

        // As in a FeatureMap, the last tile of a map that was narrowed may reach so far beyond the last row.
        int length = checked((rows * RowStride) + (4 * channels));
        _buffer = AlignedBuffer.Rent((length + 3) / 4);
        byte* first = (byte*)_buffer.Pointer;
        _origin = first + RowStride + channels;
        var values = new Span<byte>(first, length);
        values[..RowStride].Clear();
        values[((height + 1) * RowStride)..].Clear();
        for (int y = 1; y <= height; y++)
        {
            Span<byte> row = values.Slice(y * RowStride, RowStride);
            row[..channels].Clear();
            row[((width + 1) * channels)..].Clear();
        }
    }

    private ByteMap(ByteMap whole, int left, int width)
    {
        (Height, Width, Channels, RowStride) = (whole.Height, width, whole.Channels, whole.RowStride);
        _origin = whole.At(0, left);
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
    public byte* At(int y, int x) => _origin + ((nint)y * RowStride) + ((nint)x * Channels);

    /// <summary>Leaves columns on either side out; what they held is the border from then on.</summary>
    /// <param name="left">Columns to leave out at the beginning.</param>
    /// <param name="width">Columns to keep.</param>
    public void Narrow(int left, int width)
    {
        CheckColumns(left, width);
        _origin = At(0, left);
        Width = width;
    }

    /// <summary>Some columns of this map, in its memory; what is beside them is their border. Nothing is to be disposed of.</summary>
    public ByteMap View(int left, int width)
    {
        CheckColumns(left, width);
        return new ByteMap(this, left, width);
    }

    public void Dispose() => _buffer?.Dispose();

    private void CheckColumns(int left, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + width, Width, nameof(width));
    }
}
