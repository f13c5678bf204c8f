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
    /// <param name="memory">The first blocks, and what was found in them before; cut anew without it.</param>
    public static void Merge(SpeakerGroups groups, SegmentsParameters parameters, ParallelOptions parallel, BlockMemory? memory = null)
    {
        List<int> alive = groups.Alive();
        for (int before = int.MaxValue; alive.Count > parameters.BlockPieces && alive.Count < 0.9 * before; alive = groups.Alive())
        {
            before = alive.Count;
            foreach (MergedBlock block in Blocks(groups, alive, parameters, parallel, memory))
            {
                groups.Join(block.Joins);
            }

            memory = null;
        }
    }

    /// <summary>Merges as little as possible of what <see cref="Merge"/> does: so that the groups fit in one block, if that is possible.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="parameters">How large a block is, and how far its groups are merged at the most.</param>
    /// <param name="thresholds">Thresholds to choose from, falling.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    /// <param name="memory">As for <see cref="Merge"/>.</param>
    /// <returns>The threshold to which the groups of blocks were merged.</returns>
    public static double MergeLeast(SpeakerGroups groups, SegmentsParameters parameters, IReadOnlyList<double> thresholds, ParallelOptions parallel, BlockMemory? memory = null)
    {
        List<int> alive = groups.Alive();
        if (alive.Count <= parameters.BlockPieces)
        {
            return double.PositiveInfinity;
        }

        MergedBlock[] blocks = Blocks(groups, alive, parameters, parallel, memory);
        foreach (double threshold in thresholds.Where(threshold => threshold >= parameters.BlockThreshold))
        {
            if (alive.Count - blocks.Sum(block => block.JoinsAt(threshold)) <= parameters.BlockPieces)
            {
                foreach (MergedBlock block in blocks)
                {
                    groups.Join(block.Joins.Take(block.JoinsAt(threshold)));
                }

                return threshold;
            }
        }

        Merge(groups, parameters, parallel, memory);
        return parameters.BlockThreshold;
    }

    private static MergedBlock[] Blocks(SpeakerGroups groups, List<int> alive, SegmentsParameters parameters, ParallelOptions parallel, BlockMemory? memory)
    {
        List<int>[] among = memory?.Divide(alive) ?? [.. alive.Chunk(parameters.BlockPieces).Select(block => block.ToList())];
        var blocks = new MergedBlock[among.Length];
        double threshold = Math.Max(parameters.BlockThreshold, parameters.MergeThreshold);
        Parallel.For(0, blocks.Length, parallel, block =>
        {
            if (memory?.Find(block, among[block]) is { } known)
            {
                blocks[block] = known;
                return;
            }

            using var table = new LikenessTable(groups, among[block], parameters.Veto, parallel);
            List<GroupMerging.Step> steps = GroupMerging.Merge(table, threshold, parallel.CancellationToken);
            blocks[block] = new MergedBlock(table.Joins, steps);
            memory?.Keep(block, among[block], blocks[block]);
        });
        return blocks;
    }
}

/// <summary>The joins of one block, and how alike the two were.</summary>
/// <param name="Joins">The numbers of the groups, in order.</param>
/// <param name="Steps">What speaks for each join.</param>
internal sealed record MergedBlock(IReadOnlyList<(int Into, int Group)> Joins, List<GroupMerging.Step> Steps)
{
    /// <summary>How many of the joins a merging to a threshold makes.</summary>
    public int JoinsAt(double threshold) => Steps.FindIndex(step => step.Likeness < threshold) is >= 0 and var index ? index : Steps.Count;
}
