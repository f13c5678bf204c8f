namespace Diarist.Numerics;

/// <summary>
/// The assignment problem: rows to columns, no column twice, with the greatest sum of scores. Shortest augmenting paths with
/// potentials (Kuhn 1955, Munkres 1957; the O(rows²·columns) form of Jonker and Volgenant 1987).
/// </summary>
internal static class Assignment
{
    /// <summary>Finds an assignment of as many rows as there can be with the greatest sum.</summary>
    /// <param name="scores">Finite scores, shape (rows, columns), row-major.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns; may be less or more than <paramref name="rows"/>.</param>
    /// <returns>The column of every row, −1 for a row that is left over because there are fewer columns.</returns>
    /// <exception cref="ArgumentException">A score is not finite, or there are not rows × columns of them.</exception>
    public static int[] Maximize(ReadOnlySpan<double> scores, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (scores.Length != rows * columns)
        {
            throw new ArgumentException($"{scores.Length} scores do not fill {rows} rows of {columns}.", nameof(scores));
        }

        foreach (double score in scores)
        {
            if (!double.IsFinite(score))
            {
                throw new ArgumentException($"The score {score} is not finite.", nameof(scores));
            }
        }

        var columnOfRow = new int[rows];
        columnOfRow.AsSpan().Fill(-1);
        bool wide = rows <= columns;
        int[] rowOf = wide
            ? Match(new Costs(scores, columns, 1), rows, columns)
            : Match(new Costs(scores, 1, columns), columns, rows);
        for (int index = 0; index < rowOf.Length; index++)
        {
            if (rowOf[index] >= 0)
            {
                (int row, int column) = wide ? (rowOf[index], index) : (index, rowOf[index]);
                columnOfRow[row] = column;
            }
        }

        return columnOfRow;
    }

    /// <summary>Matches every one of few rows, so that the sum of costs is least.</summary>
    /// <returns>The row of every column, −1 for none.</returns>
    private static int[] Match(Costs costs, int rows, int columns)
    {
        // Column `columns` is where each path starts: it holds the row that is being added.
        var rowPotential = new double[rows];
        var columnPotential = new double[columns + 1];
        var rowOf = new int[columns + 1];
        rowOf.AsSpan().Fill(-1);
        var distance = new double[columns];
        var previous = new int[columns];
        var visited = new bool[columns + 1];
        for (int added = 0; added < rows; added++)
        {
            rowOf[columns] = added;
            distance.AsSpan().Fill(double.PositiveInfinity);
            visited.AsSpan().Clear();
            int column = columns;
            while (rowOf[column] >= 0)
            {
                visited[column] = true;
                int row = rowOf[column];
                int nearest = -1;
                for (int next = 0; next < columns; next++)
                {
                    if (visited[next])
                    {
                        continue;
                    }

                    double reduced = costs[row, next] - rowPotential[row] - columnPotential[next];
                    if (reduced < distance[next])
                    {
                        distance[next] = reduced;
                        previous[next] = column;
                    }

                    nearest = nearest < 0 || distance[next] < distance[nearest] ? next : nearest;
                }

                double step = distance[nearest];
                for (int seen = 0; seen <= columns; seen++)
                {
                    if (visited[seen])
                    {
                        rowPotential[rowOf[seen]] += step;
                        columnPotential[seen] -= step;
                    }
                    else if (seen < columns)
                    {
                        distance[seen] -= step;
                    }
                }

                column = nearest;
            }

            while (column != columns)
            {
                rowOf[column] = rowOf[previous[column]];
                column = previous[column];
            }
        }

        return rowOf[..columns];
    }

    /// <summary>The negated scores, with rows and columns possibly exchanged.</summary>
    private readonly ref struct Costs(ReadOnlySpan<double> scores, int rowStride, int columnStride)
    {
        private readonly ReadOnlySpan<double> _scores = scores;

        public double this[int row, int column] => -_scores[(row * rowStride) + (column * columnStride)];
    }
}
