namespace Diarist.Networks.Nemotron3;

/// <summary>A stretch in which one column of the network speaks.</summary>
/// <param name="Column">The column, 0 to 7.</param>
/// <param name="Start">In seconds.</param>
/// <param name="End">In seconds.</param>
/// <param name="Sum">The probabilities of its rows, added.</param>
/// <param name="Rows">Its rows.</param>
internal readonly record struct ColumnStretch(int Column, double Start, double End, double Sum, int Rows)
{
    /// <summary>The mean probability.</summary>
    public double Confidence => Rows == 0 ? 0 : Sum / Rows;
}

/// <summary>Makes turns of probabilities as they come, row by row: a turn comes out once nothing later can change it.</summary>
internal sealed class TurnTracker
{
    private const int Columns = Nemotron3Configuration.Speakers;

    /// <summary>Seconds of a row.</summary>
    public const double RowSeconds = SpeakerProbabilities.RowSeconds;

    private readonly TurnSettings _settings;
    private readonly Action<ColumnStretch> _emit;
    private readonly ColumnStretch?[] _open = new ColumnStretch?[Columns];
    private readonly ColumnStretch?[] _pending = new ColumnStretch?[Columns];
    private long _rows;

    /// <summary>Begins.</summary>
    /// <param name="settings">When a turn begins and ends.</param>
    /// <param name="emit">Receives each turn.</param>
    public TurnTracker(TurnSettings settings, Action<ColumnStretch> emit) => (_settings, _emit) = (settings, emit);

    /// <summary>The turns that have begun and may still grow, for display.</summary>
    public IEnumerable<ColumnStretch> Open => _open.Where(stretch => stretch is not null).Select(stretch => stretch!.Value with { End = _rows * RowSeconds });

    /// <summary>Takes a row of 10 ms: the probability of each column.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        double now = _rows++ * RowSeconds;
        for (int column = 0; column < Columns; column++)
        {
            float p = row[column];
            if (_open[column] is { } open)
            {
                if (p > _settings.Offset)
                {
                    _open[column] = open with { Sum = open.Sum + p, Rows = open.Rows + 1 };
                    continue;
                }

                Close(open, now);
            }
            else if (p > _settings.Onset)
            {
                _open[column] = new ColumnStretch(column, now, now, p, 1);
            }
            else if (_pending[column] is { } pending && now - _settings.PadBefore - pending.End >= _settings.MinimumGap)
            {
                Emit(pending);
            }
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <param name="duration">Its length in seconds.</param>
    public void Finish(double duration)
    {
        for (int column = 0; column < Columns; column++)
        {
            if (_open[column] is { } open)
            {
                Close(open, _rows * RowSeconds);
            }

            if (_pending[column] is { } pending)
            {
                Emit(pending with { End = Math.Min(pending.End, duration) });
            }
        }
    }

    private void Close(ColumnStretch open, double end)
    {
        _open[open.Column] = null;
        ColumnStretch padded = open with { Start = Math.Max(0, open.Start - _settings.PadBefore), End = end + _settings.PadAfter };
        if (_pending[open.Column] is { } pending)
        {
            if (padded.Start - pending.End < _settings.MinimumGap || padded.Start <= pending.End)
            {
                padded = padded with { Start = pending.Start, Sum = pending.Sum + padded.Sum, Rows = pending.Rows + padded.Rows };
            }
            else
            {
                Emit(pending);
            }
        }

        _pending[open.Column] = padded;
    }

    private void Emit(ColumnStretch stretch)
    {
        _pending[stretch.Column] = null;
        if (stretch.End - stretch.Start >= _settings.MinimumTurn && stretch.End > stretch.Start)
        {
            _emit(stretch);
        }
    }
}
