namespace Diarist.Scoring;

/// <summary>How a cell of the alignment is reached.</summary>
internal enum Step : byte
{
    Pair,
    Deletion,
    Insertion,
}

/// <summary>One row of the alignment's matrix at a time, only where its rule may pair words.</summary>
internal sealed class AlignmentRows<TRule>
    where TRule : IPairingRule
{
    // A cell holds its errors in the upper half and the substitutions among them in the lower, so that the smaller cell has
    // the fewest errors and, among equals, the fewest substitutions.
    private const long OneError = 1L << 32;

    private readonly int[] _reference;
    private readonly int[] _hypothesis;
    private readonly TRule _rule;
    private readonly long[] _cells;
    private int _reach;

    public AlignmentRows(int[] reference, int[] hypothesis, TRule rule)
        : this(reference, hypothesis, rule, new long[hypothesis.Length + 1])
    {
    }

    private AlignmentRows(int[] reference, int[] hypothesis, TRule rule, long[] cells)
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
            long cell = _cells[_reach] + ((_hypothesis.Length - _reach) * OneError);
            int errors = (int)(cell >> 32);
            int substitutions = (int)(cell & 0xFFFFFFFF);

            // insertions + deletions and insertions − deletions are both known.
            int unpaired = errors - substitutions;
            int surplus = _hypothesis.Length - _reference.Length;
            return new WordErrors(_reference.Length, (unpaired + surplus) / 2, (unpaired - surplus) / 2, substitutions);
        }
    }

    /// <summary>The same state in arrays of its own.</summary>
    public AlignmentRows<TRule> Copy() => new(_reference, _hypothesis, _rule, [.. _cells]) { Row = Row, _reach = _reach };

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
        long diagonal = _cells[from];
        long left = diagonal + OneError;
        _cells[from] = left;
        for (int j = from; j < to; j++)
        {
            long above = _cells[j + 1];
            long deletion = above + OneError;
            long insertion = left + OneError;
            long pair = !_rule.Allows(Row, j) ? long.MaxValue : word == _hypothesis[j] ? diagonal : diagonal + OneError + 1;
            left = Math.Min(pair, Math.Min(deletion, insertion));
            if (taken is not null)
            {
                taken[j - from] = left == pair ? Step.Pair : left == deletion ? Step.Deletion : Step.Insertion;
            }

            _cells[j + 1] = left;
            diagonal = above;
        }
    }
}
