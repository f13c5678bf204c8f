using System.Diagnostics;
using System.Globalization;

namespace Diarist.Cli.Batch;

/// <summary>How far a batch is, how fast, and how long it will take: a line that is written over on a terminal, elsewhere a line now and then.</summary>
internal sealed class BatchProgress(BatchPlan plan, double? expectedSpeed) : IDisposable
{
    private const double LeastSeconds = 5;
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Dictionary<string, double> _positions = new(StringComparer.Ordinal);
    private TimeSpan _next = TimeSpan.Zero;
    private double _finished;
    private double _worked;
    private int _ended;
    private int _failed;
    private int _width;

    /// <summary>A recording at work has come so far.</summary>
    public void Move(string id, double position) => _positions[id] = position;

    /// <summary>A recording has a result.</summary>
    /// <param name="id">The recording.</param>
    /// <param name="seconds">Its length.</param>
    /// <param name="worked">Whether it was listened to.</param>
    public void Finish(string id, double seconds, bool worked)
    {
        _positions.Remove(id);
        _finished += seconds;
        _worked += worked ? seconds : 0;
        _ended++;
    }

    /// <summary>A recording is no longer at work.</summary>
    /// <param name="id">The recording.</param>
    /// <param name="forGood">Whether it is left alone.</param>
    public void Drop(string id, bool forGood)
    {
        _positions.Remove(id);
        _failed += forGood ? 1 : 0;
    }

    /// <summary>Writes the line when it is time to.</summary>
    public void Show()
    {
        if (Messages.Quiet || _clock.Elapsed < _next || (!_terminal && _next == TimeSpan.Zero && _clock.Elapsed < Seldom))
        {
            return;
        }

        _next = _clock.Elapsed + (_terminal ? Often : Seldom);
        double position = _finished + _positions.Values.Sum();
        double elapsed = _clock.Elapsed.TotalSeconds;
        double? speed = elapsed > LeastSeconds && position > 0 ? (_worked + _positions.Values.Sum()) / elapsed : expectedSpeed;
        string left = speed is > 0 and double fast ? $", {Span(Math.Max(0, plan.PendingSeconds - position) / fast)} left" : "";
        string failed = _failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {_failed} failed") : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"{_ended} of {plan.Pending.Count} recordings{failed}, {position / 3600:0.0} of {plan.PendingSeconds / 3600:0.0} h, {speed ?? 0:0}× real time{left}");
        if (_terminal)
        {
            Console.Error.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else
        {
            Console.Error.WriteLine($"diarist: {line}");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_terminal && _width > 0)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
        }
    }

    /// <summary>A time for people: <c>12 s</c>, <c>8 min</c>, <c>3.5 h</c>, <c>2 days</c>.</summary>
    internal static string Span(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60):0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0.0} days"),
    };
}
