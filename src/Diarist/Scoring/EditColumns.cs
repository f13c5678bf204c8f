using System.Numerics;

namespace Diarist.Scoring;

/// <summary>
/// One row of the matrix of Levenshtein distances at a time, 64 cells at a time: Myers' bit-vector algorithm (1999) in blocks,
/// in Hyyrö's formulation (2003) for whole sequences. A row is kept as the differences between its neighbours, two bits each.
/// </summary>
internal sealed class EditColumns
{
    private const int BlockSize = 64;

    private readonly WordPlaces _places;

    // Differences from each column to the next: +1 in `up`, −1 in `down`.
    private readonly ulong[] _up;
    private readonly ulong[] _down;
    private int[]? _sums;
    private int _row;

    /// <summary>Begins with the first row, in which nothing of the other sequence has been consumed.</summary>
    /// <param name="words">The sequence along the columns.</param>
    public EditColumns(int[] words)
        : this(new WordPlaces(words), new ulong[WordPlaces.BlocksFor(words.Length)], new ulong[WordPlaces.BlocksFor(words.Length)], 0) => _up.AsSpan().Fill(ulong.MaxValue);

    private EditColumns(WordPlaces places, ulong[] up, ulong[] down, int row) => (_places, _up, _down, _row) = (places, up, down, row);

    /// <summary>The distance in the last column.</summary>
    public int Last
    {
        get
        {
            PrepareSums();
            return At(_places.Length);
        }
    }

    /// <summary>The same state in arrays of its own.</summary>
    public EditColumns Copy() => new(_places, [.. _up], [.. _down], _row);

    /// <summary>Adds up the blocks, so that <see cref="At"/> takes constant time until the next row.</summary>
    public void PrepareSums()
    {
        _sums ??= new int[_up.Length + 1];
        _sums[0] = _row;
        for (int block = 0; block < _up.Length; block++)
        {
            _sums[block + 1] = _sums[block] + BitOperations.PopCount(_up[block]) - BitOperations.PopCount(_down[block]);
        }
    }

    /// <summary>The distance in a column, 0 to the number of words, after <see cref="PrepareSums"/>.</summary>
    public int At(int column)
    {
        int block = column / BlockSize;
        int bits = column % BlockSize;
        if (bits == 0)
        {
            return _sums![block];
        }

        ulong below = (1UL << bits) - 1;
        return _sums![block] + BitOperations.PopCount(_up[block] & below) - BitOperations.PopCount(_down[block] & below);
    }

    /// <summary>Consumes one more word of the other sequence.</summary>
    public void Advance(int word)
    {
        _row++;
        ReadOnlySpan<ulong> equal = _places.Take(word);

        // The first column grows by one with every row.
        ulong plusIn = 1;
        ulong minusIn = 0;
        for (int block = 0; block < _up.Length; block++)
        {
            ulong pv = _up[block];
            ulong mv = _down[block];
            ulong eq = equal[block];
            ulong xv = eq | mv;
            eq |= minusIn;
            ulong xh = (((eq & pv) + pv) ^ pv) | eq;
            ulong ph = mv | ~(xh | pv);
            ulong mh = pv & xh;
            ulong plusOut = ph >> (BlockSize - 1);
            ulong minusOut = mh >> (BlockSize - 1);
            ph = (ph << 1) | plusIn;
            mh = (mh << 1) | minusIn;
            _up[block] = mh | ~(xv | ph);
            _down[block] = ph & xv;
            plusIn = plusOut;
            minusIn = minusOut;
        }

        _places.Return(word);
    }
}
