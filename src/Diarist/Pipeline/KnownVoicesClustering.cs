using Diarist.Identity;
using Diarist.Reconstruction;
using Diarist.Segments;

namespace Diarist.Pipeline;

/// <summary>Who is who in a recording.</summary>
/// <param name="Heard">What was heard, with the voices that were recognized.</param>
/// <param name="Clustered">Its speakers.</param>
/// <param name="Identities">One for each speaker.</param>
internal sealed record RecognizedSpeech(HeardSpeech Heard, ClusteredSpeech Clustered, IReadOnlyList<SpeakerIdentity> Identities);

/// <summary>
/// Known voices in the grouping. Groups of pieces that are certainly a known voice's are fixed to it, and its sums help to gather what else the
/// person says. What comes out is judged once more by the recording's own pieces; a voice that does not stand that is taken out and all is
/// grouped again. Without any voice the result is the anonymous one.
/// </summary>
internal static class KnownVoicesClustering
{
    /// <summary>Finds the speakers and recognizes the known ones.</summary>
    /// <param name="heard">What was heard, with its bands.</param>
    /// <param name="options">As for <see cref="SegmentsPipeline.Cluster"/>.</param>
    /// <param name="known">The voices.</param>
    /// <param name="embedder">The fingerprint of the network that heard.</param>
    /// <param name="clock">Measures the stages.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static RecognizedSpeech Run(HeardSpeech heard, DiarizerOptions options, KnownVoices known, string embedder, StageClock clock, CancellationToken cancellationToken)
    {
        ClusteredSpeech anonymous = SegmentsPipeline.Cluster(heard, options, constraints: null, clock, cancellationToken);
        SpeakerVoices voices = VoicesOf(heard, anonymous, embedder);
        IReadOnlyList<SpeakerIdentity> atFirst = VoiceIdentifier.Identify(voices, known);
        List<KnownGroup> candidates = Candidates(heard, options, known, embedder, cancellationToken);
        candidates.AddRange(Whole(anonymous, atFirst, known, heard).Where(voice => candidates.TrueForAll(other => other.Name != voice.Name)).ToList());
        while (candidates.Count > 0)
        {
            HeardSpeech with = heard with { Known = candidates };
            ClusteredSpeech clustered = SegmentsPipeline.Cluster(with, options, constraints: null, clock, cancellationToken);
            IReadOnlyList<SpeakerIdentity> identities = VoiceIdentifier.Identify(VoicesOf(with, clustered, embedder), known);
            List<KnownGroup> confirmed = [.. candidates.Where((voice, number) => NameOf(clustered, number, identities) == voice.Name)];
            if (confirmed.Count == candidates.Count)
            {
                return new RecognizedSpeech(with, clustered, [.. identities.Select(identity => candidates.Exists(voice => voice.Name == identity.Name) ? identity : identity with { Name = null, Voice = null })]);
            }

            candidates = confirmed;
        }

        return new RecognizedSpeech(heard, anonymous, [.. atFirst.Select(identity => identity with { Name = null, Voice = null })]);
    }

    /// <summary>The voices of the speakers of a recording.</summary>
    public static SpeakerVoices VoicesOf(HeardSpeech heard, ClusteredSpeech clustered, string embedder)
    {
        var voices = new List<SpeakerVoice>();
        for (int index = 0; index < clustered.Clusters.Count; index++)
        {
            voices.Add(SpeakerVoice.Of(TurnReconstruction.Label(index), heard, PiecesOf(clustered, index)));
        }

        return new SpeakerVoices(voices, embedder);
    }

    private static int[] PiecesOf(ClusteredSpeech clustered, int index)
    {
        int cluster = clustered.Clusters[index];
        return cluster < clustered.Found.Kept.Length ? PiecesOf(clustered.Found.Groups, clustered.Found.Kept[cluster]) : [];
    }

    private static int[] PiecesOf(PieceGroups groups, int group) =>
        [.. Enumerable.Range(0, groups.Used.Length).Where(item => groups.Labels[item] == group).Select(item => groups.Used[item])];

    /// <summary>The voices that whole speakers are of.</summary>
    private static IEnumerable<KnownGroup> Whole(ClusteredSpeech clustered, IReadOnlyList<SpeakerIdentity> identities, KnownVoices known, HeardSpeech heard) =>
        from index in Enumerable.Range(0, identities.Count)
        where identities[index].Name is not null
        select Candidate(identities[index].Name!, PiecesOf(clustered, index), known, heard);

    private static KnownGroup Candidate(string name, IEnumerable<int> pieces, KnownVoices known, HeardSpeech heard)
    {
        VoiceChannel channel = VoiceChannels.Of(heard.Bands?.LevelAbove(heard.Pieces.Pieces));
        return new KnownGroup(name, Seed(known.Profiles.First(profile => profile.Name == name), channel), [.. pieces.Order()]);
    }

    /// <summary>The voices that groups of pieces are certainly of, before small groups are placed.</summary>
    private static List<KnownGroup> Candidates(HeardSpeech heard, DiarizerOptions options, KnownVoices known, string embedder, CancellationToken cancellationToken)
    {
        SegmentsParameters fine = SegmentsPipeline.ParametersOf(options) with { SmallSeconds = 0, SmallShare = 0 };
        PieceGroups groups = SpeakerGrouping.Run(heard, fine, cancellationToken: cancellationToken);
        var pieces = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        for (int group = 0; group < groups.Groups.Count; group++)
        {
            int[] own = PiecesOf(groups, group);
            var alone = new SpeakerVoices([SpeakerVoice.Of("", heard, own)], embedder);
            if (VoiceIdentifier.Identify(alone, known)[0].Name is { } name)
            {
                if (!pieces.TryGetValue(name, out List<int>? all))
                {
                    pieces.Add(name, all = []);
                }

                all.AddRange(own);
            }
        }

        return [.. pieces.Select(pair => Candidate(pair.Key, pair.Value, known, heard))];
    }

    private static SpeakerGroup? Seed(VoiceProfile profile, VoiceChannel channel)
    {
        SpeakerGroup? seed = null;
        foreach (VoiceExemplar exemplar in profile.Exemplars.Where(exemplar => exemplar.Channel == channel))
        {
            if (seed is null)
            {
                seed = exemplar.Group.Copy();
            }
            else
            {
                seed.Add(exemplar.Group);
            }
        }

        // As a session file gives it back, so that it groups alike.
        return seed is null ? null : new VoiceExemplar(seed, channel).Group;
    }

    private static string? NameOf(ClusteredSpeech clustered, int number, IReadOnlyList<SpeakerIdentity> identities)
    {
        int place = Array.IndexOf(clustered.Found.Kept, clustered.Found.Groups.Known[number]);
        int index = place < 0 ? -1 : clustered.Clusters.ToList().IndexOf(place);
        return index < 0 ? null : identities[index].Name;
    }
}
