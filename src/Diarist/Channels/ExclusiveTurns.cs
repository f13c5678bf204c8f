namespace Diarist.Channels;

/// <summary>One speaker at a time over several channels: where they overlap, the one who is loudest against the channel's own level.</summary>
internal static class ExclusiveTurns
{
    /// <summary>Joins the exclusive turns of channels.</summary>
    /// <param name="channels">For each channel its turns, which do not overlap each other.</param>
    /// <param name="crossTalk">The channels' levels.</param>
    public static IReadOnlyList<Turn> Join(IReadOnlyList<IReadOnlyList<Turn>> channels, CrossTalk crossTalk)
    {
        double[] cuts = [.. channels.SelectMany(turns => turns).SelectMany(turn => (double[])[turn.Start, turn.End]).Distinct().Order()];
        int[] next = new int[channels.Count];
        var joined = new List<Turn>();
        for (int i = 0; i + 1 < cuts.Length; i++)
        {
            var span = new TimeRange(cuts[i], cuts[i + 1]);
            Turn? strongest = null;
            double strength = double.NegativeInfinity;
            for (int channel = 0; channel < channels.Count; channel++)
            {
                IReadOnlyList<Turn> turns = channels[channel];
                while (next[channel] < turns.Count && turns[next[channel]].End <= span.Start)
                {
                    next[channel]++;
                }

                if (next[channel] < turns.Count && turns[next[channel]].Start <= span.Start && Level(channel, span, crossTalk) is var level && (strongest is null || level > strength))
                {
                    (strongest, strength) = (turns[next[channel]], level);
                }
            }

            if (strongest is not Turn turn)
            {
                continue;
            }

            if (joined.Count > 0 && joined[^1].Speaker == turn.Speaker && joined[^1].End == span.Start)
            {
                joined[^1] = joined[^1] with { Range = new TimeRange(joined[^1].Start, span.End) };
            }
            else
            {
                joined.Add(turn with { Range = span });
            }
        }

        return joined;
    }

    private static double Level(int channel, TimeRange span, CrossTalk crossTalk)
    {
        int first = Math.Clamp((int)(span.Start * MeteredStream.FramesPerSecond), 0, crossTalk.Frames - 1);
        int end = Math.Clamp((int)(span.End * MeteredStream.FramesPerSecond), first + 1, crossTalk.Frames);
        double sum = 0;
        for (int frame = first; frame < end; frame++)
        {
            sum += crossTalk.RelativeLevel(channel, frame);
        }

        return sum / (end - first);
    }
}
