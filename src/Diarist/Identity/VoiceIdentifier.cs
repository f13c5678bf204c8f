using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>
/// Gives names to speakers whose voices are known, and none to the others. A name needs a likeness that strangers reach no more often than the
/// user permits, and must be the best one on both sides by a margin. So no two speakers get one name, and no speaker gets two.
/// </summary>
public static class VoiceIdentifier
{
    /// <summary>A name must be so much likelier than the next pairing, as the natural logarithm of the ratio: ten times.</summary>
    internal const double LeastMargin = 2.302585092994046;

    /// <summary>An exemplar counts together with at most so many others of its channel: those most alike to the speaker.</summary>
    private const int BestExemplars = 3;

    /// <summary>Looks for known voices among speakers.</summary>
    /// <param name="speakers">The speakers.</param>
    /// <param name="known">The voices, and how often a stranger may get a name.</param>
    /// <returns>One for each speaker, in order.</returns>
    /// <exception cref="ArgumentException">Another network made the known voices.</exception>
    public static IReadOnlyList<SpeakerIdentity> Identify(SpeakerVoices speakers, KnownVoices known)
    {
        ArgumentNullException.ThrowIfNull(speakers);
        ArgumentNullException.ThrowIfNull(known);
        if (known.Profiles.Count > 0 && known.Profiles[0].Embedder != speakers.Embedder)
        {
            throw new ArgumentException("Another network made the known voices.", nameof(known));
        }

        int profiles = known.Profiles.Count;
        var scores = new VoiceComparison[speakers.Speakers.Count][];
        for (int speaker = 0; speaker < scores.Length; speaker++)
        {
            scores[speaker] = [.. known.Profiles.Select(profile => Compare(speakers.Speakers[speaker], profile))];
        }

        var identities = new SpeakerIdentity[scores.Length];
        for (int speaker = 0; speaker < scores.Length; speaker++)
        {
            SpeakerVoice voice = speakers.Speakers[speaker];
            var identity = new SpeakerIdentity(voice.Label, null) { SpeechDuration = voice.Group?.Seconds ?? 0, Channel = voice.Channel, FalseNames = 1, Score = double.NegativeInfinity };
            if (profiles > 0 && voice.Group is not null)
            {
                int best = Best(scores[speaker]);
                VoiceComparison nearest = scores[speaker][best];
                double other = Math.Max(BestBut(scores[speaker], best), BestBut([.. scores.Select(row => row[best])], speaker));
                double falseNames = Math.Min(1, nearest.FalseNames * profiles);
                bool named = falseNames <= known.FalseNameRate && nearest.Score - other >= LeastMargin;
                identity = identity with
                {
                    Name = named ? known.Profiles[best].Name : null,
                    Voice = named ? known.Profiles[best].Id : null,
                    Score = nearest.Score,
                    Margin = double.IsFinite(other) ? nearest.Score - other : null,
                    FalseNames = falseNames,
                };
            }

            identities[speaker] = identity;
        }

        return identities;
    }

    /// <summary>Compares a voice with a profile: the exemplars of the voice's own channel where there are any, and of these the sum of the most alike.</summary>
    internal static VoiceComparison Compare(SpeakerVoice voice, VoiceProfile profile)
    {
        if (voice.Group is not { } group)
        {
            return VoiceComparison.None;
        }

        VoiceExemplar[] own = [.. profile.Exemplars.Where(exemplar => exemplar.Channel == voice.Channel)];
        VoiceExemplar[] compared = own.Length > 0 ? own : [.. profile.Exemplars];
        VoiceChannel other = compared[0].Channel;
        double Likeness(SpeakerGroup exemplar) => VoiceMeans.WeSpeaker.Likeness(group, voice.Channel, exemplar, other);
        SpeakerGroup sum = SumOfBest(compared, Likeness);
        return VoiceCalibration.Of(voice.Channel, other).Compare(Likeness(sum), group.Seconds, sum.Seconds);
    }

    /// <summary>The mean of the best, weighted by what their lengths can tell: the sum of the exemplars most alike to a voice.</summary>
    private static SpeakerGroup SumOfBest(VoiceExemplar[] exemplars, Func<SpeakerGroup, double> likeness)
    {
        SpeakerGroup? sum = null;
        foreach (VoiceExemplar exemplar in exemplars.OrderByDescending(exemplar => likeness(exemplar.Group)).Take(BestExemplars))
        {
            if (sum is null)
            {
                sum = exemplar.Group.Copy();
            }
            else
            {
                sum.Add(exemplar.Group);
            }
        }

        return sum!;
    }

    private static int Best(VoiceComparison[] row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            best = row[i].Score > row[best].Score ? i : best;
        }

        return best;
    }

    private static double BestBut(VoiceComparison[] row, int but)
    {
        double best = double.NegativeInfinity;
        for (int i = 0; i < row.Length; i++)
        {
            best = i == but ? best : Math.Max(best, row[i].Score);
        }

        return best;
    }
}
