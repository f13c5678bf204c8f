namespace Diarist.Numerics;

/// <summary>
/// The assignment problem where few pairs have a weight: rows to columns, no column twice, with the greatest sum. Shortest
/// augmenting paths with potentials, found by Dijkstra's algorithm over the pairs that exist, so memory grows with the
/// pairs and not with rows × columns.
/// </summary>
internal static class SparseAssignment
{
    /// <summary>Finds an assignment with the greatest sum; rows may stay without a column.</summary>
    /// <param name="pairs">The pairs, each once, with finite weights above 0.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <returns>The column of every row, −1 for none.</returns>
    public static int[] Maximize(IEnumerable<(int Row, int Column, double Weight)> pairs, int rows, int columns)
    {
        // Costs are negative weights. Each row may also take a column of its own at no cost: it stays without one.
        var edges = new List<(int Column, double Cost)>[rows];
        for (int row = 0; row < rows; row++)
        {
            edges[row] = [(columns + row, 0)];
        }

        foreach ((int row, int column, double weight) in pairs.OrderBy(pair => (pair.Row, pair.Column)))
        {
            edges[row].Add((column, -weight));
        }

        var search = new Search(edges, columns + rows);
        for (int row = 0; row < rows; row++)
        {
            search.Add(row);
        }

        return [.. search.ColumnOf.Select(column => column < columns ? column : -1)];
    }

    private sealed class Search
    {
        private readonly List<(int Column, double Cost)>[] _edges;
        private readonly double[] _rowPotential;
        private readonly double[] _columnPotential;
        private readonly int[] _rowOf;
        private readonly double[] _distance;
        private readonly int[] _previous;
        private readonly bool[] _done;
        private readonly List<int> _reached = [];
        private readonly PriorityQueue<int, (double Distance, int Column)> _queue = new();

        public Search(List<(int Column, double Cost)>[] edges, int columns)
        {
            _edges = edges;
            _rowPotential = [.. edges.Select(own => own.Min(edge => edge.Cost))];
            _columnPotential = new double[columns];
            _rowOf = new int[columns];
            _rowOf.AsSpan().Fill(-1);
            _distance = new double[columns];
            _distance.AsSpan().Fill(double.PositiveInfinity);
            _previous = new int[columns];
            _done = new bool[columns];
            ColumnOf = new int[edges.Length];
            ColumnOf.AsSpan().Fill(-1);
        }

        public int[] ColumnOf { get; }

        /// <summary>Gives one more row a column, and others new ones where that makes the sum greater.</summary>
        public void Add(int added)
        {
            Relax(added, 0);
            int end = -1;
            while (end < 0)
            {
                int column = _queue.Dequeue();
                if (_done[column])
                {
                    continue;
                }

                _done[column] = true;
                if (_rowOf[column] < 0)
                {
                    end = column;
                }
                else
                {
                    Relax(_rowOf[column], _distance[column]);
                }
            }

            Reprice(added, _distance[end]);
            for (int column = end; column >= 0;)
            {
                int row = _previous[column];
                (_rowOf[column], ColumnOf[row], column) = (row, column, row == added ? -1 : ColumnOf[row]);
            }

            Forget();
        }

        private void Relax(int row, double before)
        {
            foreach ((int column, double cost) in _edges[row])
            {
                double distance = before + Math.Max(0, cost - _rowPotential[row] - _columnPotential[column]);
                if (!_done[column] && distance < _distance[column])
                {
                    if (double.IsPositiveInfinity(_distance[column]))
                    {
                        _reached.Add(column);
                    }

                    _distance[column] = distance;
                    _previous[column] = row;
                    _queue.Enqueue(column, (distance, column));
                }
            }
        }

        private void Reprice(int added, double length)
        {
            _rowPotential[added] += length;
            foreach (int column in _reached)
            {
                if (_done[column] && _rowOf[column] >= 0)
                {
                    double change = length - _distance[column];
                    _columnPotential[column] -= change;
                    _rowPotential[_rowOf[column]] += change;
                }
            }
        }

        private void Forget()
        {
            foreach (int column in _reached)
            {
                _distance[column] = double.PositiveInfinity;
                _done[column] = false;
            }

            _reached.Clear();
            _queue.Clear();
        }
    }
}
