namespace Diarist.Networks.Nemotron3;

/// <summary>What the network said of a whole recording: speakers can be merged when a number is asked for, and turns made anew.</summary>
internal sealed class SpeakerColumns
{
    private const int Columns = Nemotron3Configuration.Speakers;

    /// <summary>Seconds of speech from which on the length no longer makes a speaker doubtful.</summary>
    private const double SureSeconds = 2;

    private readonly ProbabilityRows _rows = new();
    private readonly int[] _mergedInto = [.. Enumerable.Range(0, Columns)];

    /// <summary>Takes rows, shape (rows, 8).</summary>
    public void Add(ReadOnlySpan<float> probabilities) => _rows.Add(probabilities);

    /// <summary>The turns by start, then by column; overlap kept.</summary>
    public List<ColumnStretch> Turns(TurnSettings settings, double duration)
    {
        List<ColumnStretch> turns = [];
        var tracker = new TurnTracker(settings, turns.Add);
        Rows(row => tracker.Add(row));
        tracker.Finish(duration);
        turns.Sort((one, other) => one.Start != other.Start ? one.Start.CompareTo(other.Start) : one.Column.CompareTo(other.Column));
        return turns;
    }

    /// <summary>The same time with one speaker at a time, by start.</summary>
    public List<ColumnStretch> Exclusive(IReadOnlyList<ColumnStretch> turns) => new ExclusiveStretches(turns).Decide(Rows);

    /// <summary>How sure the number of speakers is, 0 to 1: that of the least sure speaker, which is his mean probability times his share of 2 seconds.</summary>
    public static double Certainty(List<ColumnStretch> turns) => turns.Count == 0 ? 0 : turns.GroupBy(turn => turn.Column).Min(Strength);

    /// <summary>Merges the speaker who is least sure with the one whom the network holds for the next most probable where he speaks; false when there is only one.</summary>
    public bool MergeWeakest(List<ColumnStretch> turns)
    {
        int[] columns = [.. turns.GroupBy(turn => turn.Column).OrderBy(Evidence).ThenByDescending(group => group.Key).Select(group => group.Key)];
        if (columns.Length < 2)
        {
            return false;
        }

        int weakest = columns[0];
        var beside = new double[Columns];
        Rows(row =>
        {
            if (row[weakest] > 0.5f)
            {
                for (int column = 0; column < Columns; column++)
                {
                    beside[column] += row[column];
                }
            }
        });
        int target = columns[1..].OrderByDescending(column => beside[column]).ThenBy(column => column).First();
        for (int column = 0; column < Columns; column++)
        {
            _mergedInto[column] = _mergedInto[column] == weakest ? target : _mergedInto[column];
        }

        return true;
    }

    /// <summary>The probabilities of the columns that got labels.</summary>
    public SpeakerProbabilities Of(IReadOnlyDictionary<int, string> labels) =>
        new(_rows, labels.ToDictionary(pair => pair.Value, pair => Array.FindAll([.. Enumerable.Range(0, Columns)], column => _mergedInto[column] == pair.Key)));

    private static double Evidence(IGrouping<int, ColumnStretch> speaker) => speaker.Sum(turn => turn.Sum);

    private static double Strength(IGrouping<int, ColumnStretch> speaker) =>
        speaker.Sum(turn => turn.Sum) / speaker.Sum(turn => turn.Rows) * Math.Min(1, speaker.Sum(turn => turn.Rows) * TurnTracker.RowSeconds / SureSeconds);

    /// <summary>Visits every row; of merged columns the larger probability stands in the one that is left.</summary>
    private void Rows(Action<float[]> visit)
    {
        var row = new float[Columns];
        for (int at = 0; at < _rows.Count; at++)
        {
            ReadOnlySpan<ushort> values = _rows[at];
            row.AsSpan().Clear();
            for (int column = 0; column < Columns; column++)
            {
                ref float target = ref row[_mergedInto[column]];
                target = Math.Max(target, values[column] / (float)ushort.MaxValue);
            }

            visit(row);
        }
    }
}
