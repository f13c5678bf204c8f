namespace Diarist.Channels;

/// <summary>The turns of one channel without what leaks into it from the others.</summary>
internal static class OwnTurns
{
    // Leaks shorter than this inside a turn are the speaker's own quiet sounds; own sounds shorter than that are the leak's peaks.
    private const double ShortestGap = 0.25;
    private const double ShortestTurn = 0.2;

    // Of a speaker of whom so little is left, nothing is: it is another channel's speaker, heard here.
    private const double LeastOwnShare = 0.2;

    /// <summary>Cuts the leaks out of turns.</summary>
    public static IReadOnlyList<Turn> Cut(IReadOnlyList<Turn> turns, int channel, CrossTalk crossTalk)
    {
        Turn[] cut = [.. turns.SelectMany(turn => Cut(turn, channel, crossTalk))];
        var speakers = turns.GroupBy(turn => turn.Speaker).ToDictionary(
            group => group.Key,
            group => cut.Where(turn => turn.Speaker == group.Key).Sum(turn => turn.Duration) >= LeastOwnShare * group.Sum(turn => turn.Duration));
        return [.. cut.Where(turn => speakers[turn.Speaker])];
    }

    private static IEnumerable<Turn> Cut(Turn turn, int channel, CrossTalk crossTalk)
    {
        var own = new List<TimeRange>();
        int first = (int)Math.Floor(turn.Start * MeteredStream.FramesPerSecond);
        int end = (int)Math.Ceiling(turn.End * MeteredStream.FramesPerSecond);
        int start = -1;
        for (int frame = first; frame <= end; frame++)
        {
            bool mine = frame < end && !(frame < crossTalk.Frames && crossTalk.IsLeak(channel, frame));
            if (mine && start < 0)
            {
                start = frame;
            }
            else if (!mine && start >= 0)
            {
                var span = new TimeRange(Math.Max(turn.Start, Time(start)), Math.Min(turn.End, Time(frame)));
                if (own.Count > 0 && span.Start - own[^1].End < ShortestGap)
                {
                    own[^1] = new TimeRange(own[^1].Start, span.End);
                }
                else
                {
                    own.Add(span);
                }

                start = -1;
            }
        }

        // A turn that was that short before stays.
        return own.Where(span => span.Duration >= Math.Min(ShortestTurn, turn.Duration)).Select(span => turn with { Range = span });
    }

    private static double Time(int frame) => frame / (double)MeteredStream.FramesPerSecond;
}
