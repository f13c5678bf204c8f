namespace Diarist.Networks.Nemotron3;

/// <summary>The probabilities of a whole recording, a row of eight every 10 ms, in 16 bits each (1600 bytes a second).</summary>
internal sealed class ProbabilityRows
{
    private const int Columns = Nemotron3Configuration.Speakers;

    /// <summary>Rows of a block: below the size at which the runtime treats an array as large.</summary>
    private const int BlockRows = 4096;

    private readonly List<ushort[]> _blocks = [];

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Takes rows, shape (rows, 8), each value from 0 to 1.</summary>
    public void Add(ReadOnlySpan<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(probabilities.Length % Columns, 0, nameof(probabilities));
        for (int first = 0; first < probabilities.Length; first += Columns)
        {
            if (Count % BlockRows == 0)
            {
                _blocks.Add(new ushort[BlockRows * Columns]);
            }

            Span<ushort> row = _blocks[^1].AsSpan(Count % BlockRows * Columns, Columns);
            for (int column = 0; column < Columns; column++)
            {
                row[column] = (ushort)MathF.Round(probabilities[first + column] * ushort.MaxValue);
            }

            Count++;
        }
    }

    /// <summary>A row: eight probabilities as shares of 65 535.</summary>
    public ReadOnlySpan<ushort> this[int row] => _blocks[row / BlockRows].AsSpan(row % BlockRows * Columns, Columns);
}
