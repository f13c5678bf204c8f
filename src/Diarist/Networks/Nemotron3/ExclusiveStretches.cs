namespace Diarist.Networks.Nemotron3;

/// <summary>
/// One speaker at a time: where several speak at once, the stretch is cut into pieces of about half a second, and each goes to the most probable of them over the whole
/// piece. Row by row, two who are equally probable would take turns every 10 ms, and nothing readable would be left of either.
/// </summary>
internal sealed class ExclusiveStretches
{
    private const int Columns = Nemotron3Configuration.Speakers;

    /// <summary>Seconds of a piece at least, if the overlap is that long.</summary>
    private const double PieceSeconds = 0.5;

    private readonly (double Time, int Column, bool Begins)[] _borders;
    private readonly List<ColumnStretch> _stretches = [];

    /// <summary>Takes the turns with their overlap.</summary>
    public ExclusiveStretches(IReadOnlyList<ColumnStretch> turns)
    {
        _borders = [.. turns.Select(turn => (turn.Start, turn.Column, true)), .. turns.Select(turn => (turn.End, turn.Column, false))];

        // Of borders at one time an end comes first, so that a speaker who begins anew stays on.
        Array.Sort(_borders, (one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : one.Begins.CompareTo(other.Begins));
    }

    /// <summary>Decides.</summary>
    /// <param name="rows">Visits every row of the recording in order.</param>
    /// <returns>The stretches by start; no two overlap, and together they cover what the turns cover.</returns>
    public List<ColumnStretch> Decide(Action<Action<float[]>> rows)
    {
        using IEnumerator<Piece> pieces = Pieces().GetEnumerator();
        bool more = pieces.MoveNext();
        double[] sums = new double[Columns];
        long row = 0;
        int inside = 0;
        rows(values =>
        {
            double middle = (row++ + 0.5) * TurnTracker.RowSeconds;
            while (more && middle >= pieces.Current.End)
            {
                Close(pieces.Current);
            }

            if (more && middle >= pieces.Current.Start)
            {
                inside++;
                for (int column = 0; column < Columns; column++)
                {
                    sums[column] += values[column];
                }
            }
        });
        while (more)
        {
            Close(pieces.Current);
        }

        return _stretches;

        void Close(Piece piece)
        {
            Add(piece, sums, inside);
            (inside, more) = (0, pieces.MoveNext());
            Array.Clear(sums);
        }
    }

    /// <summary>The times between borders at which somebody speaks, in order.</summary>
    private IEnumerable<Piece> Pieces()
    {
        int active = 0;
        for (int i = 0; i + 1 < _borders.Length; i++)
        {
            (double start, int column, bool begins) = _borders[i];
            active = begins ? active | (1 << column) : active & ~(1 << column);
            double end = _borders[i + 1].Time, length = end - start;
            if (active == 0 || length <= 0)
            {
                continue;
            }

            int count = int.IsPow2(active) ? 1 : Math.Max(1, (int)(length / PieceSeconds));
            for (int piece = 0; piece < count; piece++)
            {
                yield return new Piece(start + (length * piece / count), piece + 1 == count ? end : start + (length * (piece + 1) / count), active);
            }
        }
    }

    private void Add(Piece piece, double[] sums, int rows)
    {
        int best = -1, last = _stretches.Count > 0 && _stretches[^1].End == piece.Start ? _stretches[^1].Column : -1;
        for (int column = 0; column < Columns; column++)
        {
            // Of equals, and where a piece is too short to hold a row, whoever speaks already goes on.
            if ((piece.Active & (1 << column)) != 0 && (best < 0 || sums[column] > sums[best] || (column == last && sums[column] == sums[best])))
            {
                best = column;
            }
        }

        if (best == last)
        {
            _stretches[^1] = _stretches[^1] with { End = piece.End, Sum = _stretches[^1].Sum + sums[best], Rows = _stretches[^1].Rows + rows };
        }
        else
        {
            _stretches.Add(new ColumnStretch(best, piece.Start, piece.End, sums[best], rows));
        }
    }

    /// <summary>A time in which the same columns speak, one bit each.</summary>
    private readonly record struct Piece(double Start, double End, int Active);
}
