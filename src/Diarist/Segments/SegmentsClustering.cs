using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>Who speaks when, from all that was heard.</summary>
/// <param name="Frames">Who speaks in every frame.</param>
/// <param name="Groups">The pieces' groups as they were found, before any was given back.</param>
/// <param name="Kept">Which of <paramref name="Groups"/> each speaker is.</param>
/// <param name="FineLabels">The speaker of each fine piece.</param>
/// <param name="Centres">A unit vector for each speaker.</param>
internal sealed record SegmentsResult(SpeakerFrames Frames, PieceGroups Groups, int[] Kept, int[] FineLabels, IReadOnlyList<double[]> Centres);

/// <summary>The second half of the recipe: groups, labels, frames; speakers who hardly get a turn are given back to the others.</summary>
internal static class SegmentsClustering
{
    /// <summary>Finds the speakers of a recording.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="parameters">The constants.</param>
    /// <param name="bounds">What is known of the number of speakers.</param>
    /// <param name="constraints">What is known of the pieces.</param>
    /// <param name="threads">Threads to work on; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static SegmentsResult Run(
        HeardSpeech heard, SegmentsParameters parameters, SpeakerBounds bounds, GroupingConstraints? constraints = null, int threads = 1, CancellationToken cancellationToken = default)
    {
        int least = bounds.Minimum ?? 1;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        PieceGroups groups = SpeakerGrouping.Run(heard, parameters, least, bounds.Maximum ?? int.MaxValue, constraints, threads, cancellationToken);
        List<int> kept = [.. Arrays.Make(groups.Groups.Count, group => group)];
        if (kept.Count == 0)
        {
            // Speech without a single frame to hear a voice in: one person.
            double[][] nobody = [new double[heard.Pieces.Dimension]];
            int[] all = new int[heard.FinePieces.Count];
            return new SegmentsResult(SpeakerFrames.Fill(heard, all, nobody, parameters.VoteSeconds, parallel), groups, [], all, nobody);
        }

        int[] pinnedGroups = PinnedGroups(heard, groups, constraints);
        HashSet<int> staying = [.. pinnedGroups, .. groups.Known, .. ToldApart(heard.Links, groups, parameters.Veto)];
        while (true)
        {
            List<double[]> centres = Centres(heard.Pieces, groups, kept, parameters.Likeness);
            int[] known = [.. pinnedGroups.Select(group => group < 0 ? -1 : kept.BinarySearch(group))];
            int[] labels = PieceLabels.Find(heard.FinePieces, centres, parameters, known);
            SpeakerFrames frames = SpeakerFrames.Fill(heard, labels, centres, parameters.VoteSeconds, parallel);
            int briefest = -1;
            for (int speaker = 0; speaker < kept.Count; speaker++)
            {
                bool free = !staying.Contains(kept[speaker]);
                briefest = free && (briefest < 0 || frames.Seconds[speaker] < frames.Seconds[briefest]) ? speaker : briefest;
            }

            double limit = Math.Min(Math.Max(parameters.LeastSeconds, parameters.LeastShare * Arrays.Sum(frames.Seconds)), parameters.LeastSecondsAtMost);
            if (briefest < 0 || kept.Count <= Math.Max(1, least) || frames.Seconds[briefest] >= limit)
            {
                return new SegmentsResult(frames, groups, [.. kept], labels, centres);
            }

            kept.RemoveAt(briefest);
        }
    }

    /// <summary>The brief voices that the windows tell from all others.</summary>
    private static IEnumerable<int> ToldApart(PieceLinks links, PieceGroups groups, WindowsVeto? veto)
    {
        var sums = new LinkSums[groups.Groups.Count];
        for (int item = 0; item < groups.Used.Length; item++)
        {
            int group = groups.Labels[item];
            if (groups.Groups[group].Seconds < veto?.BriefBelow)
            {
                foreach ((int piece, double link) in links.Of(groups.Used[item]))
                {
                    if (Array.BinarySearch(groups.Used, piece) is var other and >= 0 && groups.Labels[other] != group)
                    {
                        sums[group] += new LinkSums(0, link, Math.Abs(link));
                    }
                }
            }
        }

        return Enumerable.Range(0, sums.Length).Where(group => veto is not null && veto.TellsBrief(sums[group], groups.Groups[group].Seconds));
    }

    /// <summary>The group of each fine piece whose middle lies in a pinned piece, −1 for the others; empty when no piece is pinned.</summary>
    private static int[] PinnedGroups(HeardSpeech heard, PieceGroups groups, GroupingConstraints? constraints)
    {
        if (constraints is null || constraints.Pinned.Count == 0)
        {
            return [];
        }

        int[] owners = Piece.Owners(heard.Pieces.Pieces, heard.Counts.Length);
        return [.. heard.FinePieces.Pieces.Select(fine =>
            owners[(fine.Start + fine.End) / 2] is var piece and >= 0 && constraints.Pinned.Contains(piece) && Array.BinarySearch(groups.Used, piece) is var item and >= 0
                ? groups.Labels[item]
                : -1)];
    }

    /// <summary>The direction of each group's pieces, weighted by what their lengths can tell.</summary>
    internal static List<double[]> Centres(PieceVectors vectors, PieceGroups groups, List<int> kept, LikenessModel model)
    {
        List<double[]> centres = [.. kept.Select(_ => new double[vectors.Dimension])];
        var vector = new double[vectors.Dimension];
        for (int item = 0; item < groups.Used.Length; item++)
        {
            int speaker = kept.BinarySearch(groups.Labels[item]);
            if (speaker >= 0)
            {
                int piece = groups.Used[item];
                VectorMath.Widen(vectors[piece], vector);
                VectorMath.AddScaled(centres[speaker], model.Weight(model.Expected(vectors.Seconds[piece])), vector);
            }
        }

        foreach (double[] centre in centres)
        {
            VectorMath.ScaleToNorm(centre, 1);
        }

        return centres;
    }
}
