namespace Diarist.Scoring;

/// <summary>
/// The cells of the alignment's matrix that lie on an alignment with the fewest errors, as one stretch of hypothesis positions
/// for each row: where the distance from the start and the distance to the end add up to the whole distance. Both come from
/// <see cref="EditColumns"/>, 64 cells at a time; states are kept for every √n-th row, and the rows between are computed again,
/// so that memory grows with n^1.5.
/// </summary>
internal sealed class Corridor : IPairingRule
{
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly int _columns;

    private Corridor(int rows, int columns)
    {
        _first = new int[rows + 1];
        _last = new int[rows + 1];
        _columns = columns;
    }

    /// <summary>Finds the corridor of two sequences.</summary>
    public static Corridor Find(int[] reference, int[] hypothesis)
    {
        int rows = reference.Length;
        var corridor = new Corridor(rows, hypothesis.Length);
        int stretch = Math.Max(1, (int)Math.Sqrt(rows));
        var forward = new EditColumns(hypothesis);
        var starts = new Stack<(int Row, EditColumns State)>();
        for (int row = 0; row < rows; row++)
        {
            if (row % stretch == 0)
            {
                starts.Push((row, forward.Copy()));
            }

            forward.Advance(reference[row]);
        }

        int distance = forward.Last;
        int[] reversed = [.. hypothesis.Reverse()];
        var backward = new EditColumns(reversed);
        corridor.Mark(rows, forward, backward, distance);
        int end = rows;
        while (starts.TryPop(out (int Row, EditColumns State) start))
        {
            var states = new EditColumns[end - start.Row];
            EditColumns state = start.State;
            for (int row = start.Row; row < end; row++)
            {
                states[row - start.Row] = state.Copy();
                state.Advance(reference[row]);
            }

            for (int row = end - 1; row >= start.Row; row--)
            {
                backward.Advance(reference[row]);
                corridor.Mark(row, states[row - start.Row], backward, distance);
            }

            end = start.Row;
        }

        return corridor;
    }

    public (int From, int To) Window(int reference) => (_first[reference], _last[reference + 1]);

    public bool Allows(int reference, int hypothesis) => true;

    /// <summary>Finds the first and the last cell of a row whose two distances add up to <paramref name="distance"/>.</summary>
    private void Mark(int row, EditColumns forward, EditColumns backward, int distance)
    {
        forward.PrepareSums();
        backward.PrepareSums();
        int Excess(int column) => forward.At(column) + backward.At(_columns - column) - distance;

        // Each of the two distances changes by at most 1 from one column to the next, so half the excess can be skipped.
        int first = 0;
        for (int excess; (excess = Excess(first)) > 0;)
        {
            first += (excess + 1) / 2;
        }

        int last = _columns;
        for (int excess; (excess = Excess(last)) > 0;)
        {
            last -= (excess + 1) / 2;
        }

        (_first[row], _last[row]) = (first, last);
    }
}
