namespace Diarist.Inference.Kernels;

/// <summary>
/// The left operand of a product: a view of memory as a matrix of <see cref="Rows"/> × (<see cref="Segments"/> ·
/// <see cref="SegmentLength"/>) with element (r, s·SegmentLength + k) at <c>Data[r·RowStride + s·SegmentStride + k]</c>.
/// Rows may overlap, which makes a convolution a product without copying anything:
/// <list type="bullet">
/// <item>a plain matrix with a leading dimension: one segment;</item>
/// <item>a 1-D convolution over (time, channels): RowStride = stride · channels, one segment of taps · channels;</item>
/// <item>a 2-D convolution over (height, width, channels), one output row: RowStride = stride · channels, a segment of
/// taps · channels for each kernel row, SegmentStride = width · channels.</item>
/// </list>
/// </summary>
internal readonly unsafe struct LeftMatrix
{
    /// <summary>A matrix in one segment.</summary>
    /// <param name="data">Element (0, 0).</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="columns">Columns, that is the length of the sums.</param>
    /// <param name="rowStride">Values from one row to the next.</param>
    public LeftMatrix(float* data, int rows, int columns, int rowStride)
        : this(data, rows, rowStride, 1, columns, 0)
    {
    }

    /// <summary>A matrix whose rows are gathered from several segments.</summary>
    public LeftMatrix(float* data, int rows, int rowStride, int segments, int segmentLength, int segmentStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Data = data;
        Rows = rows;
        RowStride = rowStride;
        Segments = segments;
        SegmentLength = segmentLength;
        SegmentStride = segmentStride;
    }

    /// <summary>Element (0, 0).</summary>
    public float* Data { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>Values from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Contiguous pieces of a row.</summary>
    public int Segments { get; }

    /// <summary>Values in each piece.</summary>
    public int SegmentLength { get; }

    /// <summary>Values from one piece to the next.</summary>
    public int SegmentStride { get; }
}
