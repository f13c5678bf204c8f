namespace Diarist.Networks.Nemotron3;

/// <summary>
/// Which frames the speaker cache keeps when it holds too many: the ones that say most about each speaker. Section 11 of the published description (arXiv 2507.18446), computed in
/// double precision with a fixed order, so that the choice is the same on every machine.
/// </summary>
internal static class SpeakerCacheSelection
{
    private const int Speakers = Nemotron3Configuration.Speakers;

    /// <summary>What stands in the result for silence.</summary>
    public const int Silence = -1;

    /// <summary>Chooses frames.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="probabilities">Shape (candidates, 8): the probability of each speaker in each candidate; more candidates than the cache holds.</param>
    /// <returns>For each slot of the cache, the position of its frame among the candidates, or <see cref="Silence"/>. A frame may be kept for two speakers.</returns>
    public static int[] Choose(Nemotron3Configuration configuration, ReadOnlySpan<float> probabilities)
    {
        int slots = configuration.CacheFrames, candidates = probabilities.Length / Speakers;
        double[] scores = Scores(configuration, probabilities);
        int share = (slots / Speakers) - configuration.SilencePerSpeaker;
        for (int speaker = 0; speaker < Speakers; speaker++)
        {
            for (int frame = slots; frame < candidates; frame++)
            {
                scores[(speaker * candidates) + frame] += configuration.LatestBoost;
            }

            Span<double> own = scores.AsSpan(speaker * candidates, candidates);
            Boost(own, (int)(configuration.StrongBoostRate * share), 2 * Math.Log(2));
            Boost(own, (int)(configuration.WeakBoostRate * share), Math.Log(2));
        }

        return Best(scores, candidates, slots, configuration.SilencePerSpeaker);
    }

    /// <summary>The scores before anything is added to them, by speaker and then by frame; −∞ for what is not to be kept.</summary>
    public static double[] Scores(Nemotron3Configuration configuration, ReadOnlySpan<float> probabilities)
    {
        int candidates = probabilities.Length / Speakers;
        int share = (configuration.CacheFrames / Speakers) - configuration.SilencePerSpeaker;
        int enough = (int)(configuration.MinimumPositiveRate * share);
        var scores = new double[Speakers * candidates];
        for (int frame = 0; frame < candidates; frame++)
        {
            ReadOnlySpan<float> p = probabilities.Slice(frame * Speakers, Speakers);
            double others = 0;
            foreach (float probability in p)
            {
                others += Math.Log(Math.Max(1.0 - probability, configuration.ScoreFloor));
            }

            for (int speaker = 0; speaker < Speakers; speaker++)
            {
                double score = Math.Log(Math.Max(p[speaker], configuration.ScoreFloor)) - Math.Log(Math.Max(1.0 - p[speaker], configuration.ScoreFloor)) + others - Math.Log(0.5);
                scores[(speaker * candidates) + frame] = p[speaker] > 0.5f ? score : double.NegativeInfinity;
            }
        }

        // A speaker with enough frames of his own does not need those in which others speak too.
        for (int speaker = 0; speaker < Speakers; speaker++)
        {
            Span<double> own = scores.AsSpan(speaker * candidates, candidates);
            int positive = 0;
            foreach (double score in own)
            {
                positive += score > 0 ? 1 : 0;
            }

            for (int frame = 0; frame < candidates && positive >= enough; frame++)
            {
                own[frame] = own[frame] > 0 ? own[frame] : double.NegativeInfinity;
            }
        }

        return scores;
    }

    /// <summary>Adds to the best scores of a speaker; among equals the earlier frame is better.</summary>
    private static void Boost(Span<double> scores, int count, double boost)
    {
        foreach (int frame in Order(scores)[..Math.Min(count, scores.Length)])
        {
            scores[frame] += boost;
        }
    }

    /// <summary>The best pairs of speaker and frame, with silence slots that win over all: in the order of speakers, then of time, silence last in each; what is left over is silence too.</summary>
    private static int[] Best(double[] scores, int candidates, int slots, int silence)
    {
        int row = candidates + silence;
        double[] all = new double[Speakers * row];
        for (int speaker = 0; speaker < Speakers; speaker++)
        {
            scores.AsSpan(speaker * candidates, candidates).CopyTo(all.AsSpan(speaker * row));
            all.AsSpan((speaker * row) + candidates, silence).Fill(double.PositiveInfinity);
        }

        int[] best = [.. Order(all).Take(slots).Where(index => all[index] > double.NegativeInfinity).Order()];
        var chosen = new int[slots];
        Array.Fill(chosen, Silence);
        for (int slot = 0; slot < best.Length; slot++)
        {
            chosen[slot] = best[slot] % row < candidates ? best[slot] % row : Silence;
        }

        return chosen;
    }

    /// <summary>Indices from the highest score to the lowest; equals in the order of their indices.</summary>
    private static int[] Order(ReadOnlySpan<double> scores)
    {
        int[] order = new int[scores.Length];
        double[] keys = new double[scores.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = scores[i];
        }

        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }
}
