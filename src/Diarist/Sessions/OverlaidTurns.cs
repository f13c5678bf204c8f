namespace Diarist.Sessions;

/// <summary>
/// Turns that lie over others as a whole, and how far from them their speaker is heard alone. In talk a voice that comes in over another one goes on
/// alone, or was alone before; where it does neither, nothing but what the windows tell apart within the overlap says whose it is.
/// </summary>
internal sealed class OverlaidTurns
{
    // A turn that is alone for less than this, in seconds, ends a frame or two too late.
    private const double Sliver = 0.03;

    // The nearest voices around a turn are looked for among so many stretches on each side.
    private const int MostStretches = 50;

    private readonly List<Turn> _alone = [];
    private readonly Dictionary<string, List<TimeRange>> _aloneOf = new(StringComparer.Ordinal);
    private readonly HashSet<Turn> _heardAlone = [];

    /// <summary>Finds when each speaker is alone.</summary>
    /// <param name="turns">All turns, by their starts.</param>
    public OverlaidTurns(IReadOnlyList<Turn> turns)
    {
        double[] times = [.. turns.SelectMany(turn => (double[])[turn.Start, turn.End]).Distinct().Order()];
        var speaking = new List<Turn>();
        int next = 0;
        for (int at = 0; at + 1 < times.Length; at++)
        {
            var range = new TimeRange(times[at], times[at + 1]);
            speaking.RemoveAll(turn => turn.End <= range.Start);
            for (; next < turns.Count && turns[next].Start <= range.Start; next++)
            {
                speaking.Add(turns[next]);
            }

            if (speaking.Count > 0 && range.Duration >= Sliver && speaking.TrueForAll(turn => turn.Speaker == speaking[0].Speaker))
            {
                _heardAlone.UnionWith(speaking);
                _alone.Add(new Turn(range, speaking[0].Speaker));
                if (!_aloneOf.TryGetValue(speaking[0].Speaker, out List<TimeRange>? own))
                {
                    _aloneOf.Add(speaking[0].Speaker, own = []);
                }

                own.Add(range);
            }
        }
    }

    /// <summary>Whether others speak during all of a turn.</summary>
    /// <param name="turn">One of the turns.</param>
    public bool IsOverlaid(Turn turn) => !_heardAlone.Contains(turn);

    /// <summary>Seconds between a turn and the nearest moment at which its speaker is heard alone.</summary>
    public double Distance(Turn turn) => _aloneOf.TryGetValue(turn.Speaker, out List<TimeRange>? own) ? own.Min(range => Gap(range, turn.Range)) : double.PositiveInfinity;

    /// <summary>Who is heard alone nearest to a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="except">Who is not meant.</param>
    /// <returns>The speaker; <see langword="null"/> where nobody else is heard around it.</returns>
    public string? Nearest(Turn turn, IReadOnlySet<string> except)
    {
        int at = _alone.FindIndex(alone => alone.Start >= turn.Start);
        int first = Math.Max(0, (at < 0 ? _alone.Count : at) - MostStretches);
        return _alone.GetRange(first, Math.Min(_alone.Count - first, 2 * MostStretches))
            .Where(alone => !except.Contains(alone.Speaker)).OrderBy(alone => Gap(alone.Range, turn.Range)).ThenBy(alone => alone.Start).Select(alone => alone.Speaker).FirstOrDefault();
    }

    private static double Gap(TimeRange one, TimeRange other) => Math.Max(0, Math.Max(one.Start - other.End, other.Start - one.End));
}
