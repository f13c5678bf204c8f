namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// Follows which columns of a trunk's maps are still needed when only some of its rows are wanted. Each layer depends on fewer
/// neighbours than all layers together, so a map may be narrowed before each block to what the layers behind it look at.
/// </summary>
/// <param name="contexts">For each block, and after the last: columns of its input on either side that the wanted rows depend on.</param>
/// <param name="first">The first wanted row.</param>
/// <param name="end">The row after the last wanted one.</param>
internal struct TrunkColumns(IReadOnlyList<int> contexts, int first, int end)
{
    private int _start;
    private int _step = 1;

    /// <summary>Columns of each block's input, and of the result, on either side of the wanted rows that these depend on.</summary>
    /// <param name="strides">The stride of each block's first convolution; all convolutions have three columns, and a block has two.</param>
    public static int[] Contexts(IReadOnlyList<int> strides)
    {
        int[] contexts = new int[strides.Count + 1];
        for (int block = strides.Count - 1; block >= 0; block--)
        {
            contexts[block] = (strides[block] * (contexts[block + 1] + 1)) + 1;
        }

        return contexts;
    }

    /// <summary>What to narrow a map to before a block takes it.</summary>
    /// <param name="block">The block; the number of blocks for the result.</param>
    /// <param name="stride">The stride of the block before it.</param>
    /// <param name="width">Columns of the map.</param>
    public (int Left, int Width) Narrow(int block, int stride, int width)
    {
        (_start, _step) = (_start / stride, _step * stride);
        int columns = ResNet34Trunk.TimeStep / _step;
        int context = contexts[block];

        // An even number stays to the left of a wanted row, so that strides of two meet the same columns as without narrowing.
        int left = Math.Max(0, (first * columns) - _start - (context + (context & 1)));
        int right = Math.Min(width, (end * columns) - _start + context);
        _start += left;
        return (left, right - left);
    }
}
