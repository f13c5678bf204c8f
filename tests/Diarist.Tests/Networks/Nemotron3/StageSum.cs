namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>A stage of a step, gathered from the blocks in which threads computed it.</summary>
internal sealed class StageSum
{
    private readonly SortedDictionary<int, float[]> _blocks = [];
    private int _columns;

    /// <summary>Values that are there.</summary>
    public long Count => _blocks.Values.Sum(block => (long)block.Length);

    /// <summary>Their sum.</summary>
    public double Sum => _blocks.Values.Sum(block => block.Sum(value => (double)value));

    /// <summary>The sum of their magnitudes.</summary>
    public double AbsoluteSum => _blocks.Values.Sum(block => block.Sum(value => Math.Abs((double)value)));

    /// <summary>Adds a block of rows; any thread may call.</summary>
    public static void Add(Dictionary<string, StageSum> stages, string name, int row, ReadOnlySpan<float> values, int columns)
    {
        lock (stages)
        {
            if (!stages.TryGetValue(name, out StageSum? stage))
            {
                stages[name] = stage = new StageSum { _columns = columns };
            }

            stage._blocks[row] = values.ToArray();
        }
    }

    /// <summary>The value at a flat index, if its row was computed.</summary>
    public float? At(long index)
    {
        int row = (int)(index / _columns);
        foreach ((int first, float[] block) in _blocks)
        {
            if (row >= first && row < first + (block.Length / _columns))
            {
                return block[index - ((long)first * _columns)];
            }
        }

        return null;
    }
}
