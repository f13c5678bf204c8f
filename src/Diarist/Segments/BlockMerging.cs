namespace Diarist.Segments;

/// <summary>
/// Where pieces are many, those of a block of neighbours are merged first and less far, so that a day's recording is quadratic in half an
/// hour only. Blocks are worked on at the same time.
/// </summary>
internal static class BlockMerging
{
    /// <summary>Merges the groups of blocks until what is left fits in one block, or hardly joins any more.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="parameters">How large a block is, and how far its groups are merged.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    public static void Merge(SpeakerGroups groups, SegmentsParameters parameters, ParallelOptions parallel)
    {
        List<int> alive = groups.Alive();
        for (int before = int.MaxValue; alive.Count > parameters.BlockPieces && alive.Count < 0.9 * before; alive = groups.Alive())
        {
            before = alive.Count;
            foreach (Block block in Blocks(groups, alive, parameters, parallel))
            {
                groups.Join(block.Joins);
            }
        }
    }

    /// <summary>Merges as little as possible of what <see cref="Merge"/> does: so that the groups fit in one block, if that is possible.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="parameters">How large a block is, and how far its groups are merged at the most.</param>
    /// <param name="thresholds">Thresholds to choose from, falling.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    /// <returns>The threshold to which the groups of blocks were merged.</returns>
    public static double MergeLeast(SpeakerGroups groups, SegmentsParameters parameters, IReadOnlyList<double> thresholds, ParallelOptions parallel)
    {
        List<int> alive = groups.Alive();
        if (alive.Count <= parameters.BlockPieces)
        {
            return double.PositiveInfinity;
        }

        Block[] blocks = Blocks(groups, alive, parameters, parallel);
        foreach (double threshold in thresholds.Where(threshold => threshold >= parameters.BlockThreshold))
        {
            if (alive.Count - blocks.Sum(block => block.JoinsAt(threshold)) <= parameters.BlockPieces)
            {
                foreach (Block block in blocks)
                {
                    groups.Join(block.Joins.Take(block.JoinsAt(threshold)));
                }

                return threshold;
            }
        }

        Merge(groups, parameters, parallel);
        return parameters.BlockThreshold;
    }

    /// <summary>The joins of one block, and how alike the two were.</summary>
    private sealed record Block(IReadOnlyList<(int Into, int Group)> Joins, List<GroupMerging.Step> Steps)
    {
        /// <summary>How many of the joins a merging to a threshold makes.</summary>
        public int JoinsAt(double threshold) => Steps.FindIndex(step => step.Likeness < threshold) is >= 0 and var index ? index : Steps.Count;
    }

    private static Block[] Blocks(SpeakerGroups groups, List<int> alive, SegmentsParameters parameters, ParallelOptions parallel)
    {
        var blocks = new Block[(alive.Count + parameters.BlockPieces - 1) / parameters.BlockPieces];
        double threshold = Math.Max(parameters.BlockThreshold, parameters.MergeThreshold);
        Parallel.For(0, blocks.Length, parallel, block =>
        {
            int first = block * parameters.BlockPieces;
            List<int> among = alive.GetRange(first, Math.Min(parameters.BlockPieces, alive.Count - first));
            var table = new LikenessTable(groups, among, parameters.Veto, parallel);
            List<GroupMerging.Step> steps = GroupMerging.Merge(table, threshold, parallel.CancellationToken);
            blocks[block] = new Block(table.Joins, steps);
        });
        return blocks;
    }
}
