using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Scoring;

/// <summary>How a cell of the alignment is reached.</summary>
internal enum Step : byte
{
    Pair,
    Deletion,
    Insertion,
}

/// <summary>One row of the alignment's matrix at a time, only where its rule may pair words.</summary>
/// <typeparam name="TRule">Which words may be paired.</typeparam>
/// <typeparam name="TCell">
/// <see cref="long"/> counts errors and substitutions; <see cref="Int128"/> also adds up the distances of the pairs.
/// </typeparam>
internal sealed class AlignmentRows<TRule, TCell>
    where TRule : IPairingRule
    where TCell : struct, IBinaryInteger<TCell>
{
    // The top 32 bits of a cell hold errors and the lowest 32 the substitutions among them; in the wide cell 64 bits of
    // distances lie between. So the smaller cell has the fewest errors; among equals, the nearest pairs; then the fewest
    // substitutions.
    private const int DistanceBit = 32;
    private static readonly int ErrorBit = (8 * Unsafe.SizeOf<TCell>()) - 32;
    private static readonly TCell OneError = TCell.One << ErrorBit;
    private static readonly TCell OneSubstitution = OneError + TCell.One;

    private readonly int[] _reference;
    private readonly int[] _hypothesis;
    private readonly TRule _rule;
    private readonly TCell[] _cells;
    private int _reach;

    public AlignmentRows(int[] reference, int[] hypothesis, TRule rule)
        : this(reference, hypothesis, rule, new TCell[hypothesis.Length + 1])
    {
    }

    private AlignmentRows(int[] reference, int[] hypothesis, TRule rule, TCell[] cells)
    {
        _reference = reference;
        _hypothesis = hypothesis;
        _rule = rule;
        _cells = cells;
    }

    /// <summary>How many words of the reference have been consumed.</summary>
    public int Row { get; private set; }

    /// <summary>The errors of the whole alignment, once all rows are done.</summary>
    public WordErrors Errors
    {
        get
        {
            TCell cell = _cells[_reach];
            int errors = int.CreateTruncating(cell >> ErrorBit) + _hypothesis.Length - _reach;
            int substitutions = int.CreateTruncating(cell);

            // insertions + deletions and insertions − deletions are both known.
            int unpaired = errors - substitutions;
            int surplus = _hypothesis.Length - _reference.Length;
            return new WordErrors(_reference.Length, (unpaired + surplus) / 2, (unpaired - surplus) / 2, substitutions);
        }
    }

    /// <summary>The same state in arrays of its own.</summary>
    public AlignmentRows<TRule, TCell> Copy() => new(_reference, _hypothesis, _rule, [.. _cells]) { Row = Row, _reach = _reach };

    /// <summary>Moves on to a row; adds the steps of each row's window to <paramref name="steps"/>.</summary>
    public void Advance(int row, List<Step[]>? steps)
    {
        for (; Row < row; Row++)
        {
            (int from, int to) = _rule.Window(Row);

            // Cells up to `_reach` hold this row. Those right of it could only be reached by insertions so far; those left of
            // the window are only left by deletions and never looked at again.
            for (; _reach < to; _reach++)
            {
                _cells[_reach + 1] = _cells[_reach] + OneError;
            }

            Step[]? taken = steps is null ? null : new Step[to - from];
            NextRow(from, to, taken);
            steps?.Add(taken!);
        }
    }

    private void NextRow(int from, int to, Step[]? taken)
    {
        int word = _reference[Row];
        TCell diagonal = _cells[from];
        TCell left = diagonal + OneError;
        _cells[from] = left;
        for (int j = from; j < to; j++)
        {
            TCell above = _cells[j + 1];
            TCell deletion = above + OneError;
            TCell insertion = left + OneError;
            left = deletion <= insertion ? deletion : insertion;
            Step step = deletion <= insertion ? Step.Deletion : Step.Insertion;
            if (_rule.Allows(Row, j))
            {
                TCell pair = word == _hypothesis[j] ? diagonal : diagonal + OneSubstitution;
                if (Unsafe.SizeOf<TCell>() > sizeof(long))
                {
                    pair += TCell.CreateTruncating(_rule.Distance(Row, j)) << DistanceBit;
                }

                if (pair <= left)
                {
                    (left, step) = (pair, Step.Pair);
                }
            }

            if (taken is not null)
            {
                taken[j - from] = step;
            }

            _cells[j + 1] = left;
            diagonal = above;
        }
    }
}
