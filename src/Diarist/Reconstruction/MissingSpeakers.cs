namespace Diarist.Reconstruction;

/// <summary>
/// Speakers who were asked for and whose voices could not be told apart from the others': the briefest turns stand for them. Those are
/// the likeliest to be somebody else's, and giving them away costs the least where they are not.
/// </summary>
internal static class MissingSpeakers
{
    /// <summary>Shorter turns are taken last, in seconds: they are mostly the ends of other turns.</summary>
    private const double BriefestTurn = 0.25;

    /// <summary>Gives turns away until there are enough speakers, or no speaker has a turn to spare.</summary>
    /// <param name="turns">All turns; changed.</param>
    /// <param name="exclusive">Those of the exclusive timeline; changed alike.</param>
    /// <param name="missing">The number of speakers to make.</param>
    /// <param name="first">The number of the first cluster that is not taken.</param>
    /// <returns>The number of speakers made.</returns>
    public static int Fill(List<Stretch> turns, List<Stretch> exclusive, int missing, int first)
    {
        for (int made = 0; made < missing; made++)
        {
            var owned = turns.CountBy(turn => turn.Cluster).ToDictionary();
            var spare = turns.Index().Where(turn => owned[turn.Item.Cluster] > 1).OrderBy(turn => turn.Item.Seconds < BriefestTurn).ThenBy(turn => turn.Item.Seconds).ToList();
            if (spare.Count == 0)
            {
                return made;
            }

            (int index, Stretch brief) = spare[0];
            turns[index] = brief with { Cluster = first + made };
            for (int i = 0; i < exclusive.Count; i++)
            {
                double middle = (exclusive[i].Start + exclusive[i].End) / 2;
                if (exclusive[i].Cluster == brief.Cluster && middle >= brief.Start && middle <= brief.End)
                {
                    exclusive[i] = exclusive[i] with { Cluster = first + made };
                }
            }
        }

        return Math.Max(missing, 0);
    }
}
