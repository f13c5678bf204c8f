using Diarist.Accuracy;
using Diarist.Clustering;
using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Clustering;

public class SpeakerClusteringTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Clear_voices_are_counted_and_every_local_speaker_finds_its_own(int speakers)
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: speakers, speakers, seconds: 90);
        ClusteringResult result = Run(conversation, ClusteringRecipe.Ahc);
        Assert.Equal(speakers, result.Count.Found);
        Assert.Null(result.Count.Problem);
        Assert.DoesNotContain(true, result.Ghosts);
        AssertOneToOne(conversation, result.Assignment);
    }

    [Fact]
    public void Exact_numbers_hold()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 3, speakers: 4, seconds: 60, noise: 1);
        for (int wanted = 1; wanted <= 8; wanted++)
        {
            ClusteringResult result = Run(conversation, ClusteringRecipe.Ahc, SpeakerBounds.Exactly(wanted));
            Assert.Equal(wanted, result.Count.Found);
            Assert.Null(result.Count.Problem);
            Assert.Equal(1, result.Count.Certainty);
            Assert.Equal(wanted, Used(conversation, result.Assignment));
            ReconstructedTurns turns = TurnReconstruction.Reconstruct(
                conversation.Activity, result.Assignment, SyntheticConversation.Grid, new ReconstructionOptions { MaximumSpeakers = wanted });
            Assert.True(turns.Clusters.Count <= wanted);
        }
    }

    [Fact]
    public void Ranges_hold()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 3, speakers: 3, seconds: 60);
        Assert.Equal(3, Run(conversation, ClusteringRecipe.Ahc, new SpeakerBounds(2, 4)).Count.Found);
        Assert.Equal(2, Run(conversation, ClusteringRecipe.Ahc, new SpeakerBounds(maximum: 2)).Count.Found);
        SpeakerCountReport more = Run(conversation, ClusteringRecipe.Ahc, new SpeakerBounds(minimum: 5)).Count;
        Assert.Equal((5, 3), (more.Found, more.Automatic));
        Assert.True(more.Uncertain);
    }

    [Fact]
    public void A_number_that_cannot_be_met_is_explained()
    {
        SyntheticConversation conversation = SyntheticConversation.Create([new Turn(0, 8, "A")], seconds: 9);
        SpeakerCountReport count = Run(conversation, ClusteringRecipe.Ahc, SpeakerBounds.Exactly(4)).Count;
        output.WriteLine(count.Problem ?? "no problem");
        Assert.Equal(1, count.Found);
        Assert.Contains("4", count.Problem);

        var silence = new Activity(5);
        SpeakerCountReport none = SpeakerClustering.Run(silence, new Embeddings(5, 8), ClusteringRecipe.Ahc, bounds: SpeakerBounds.Exactly(2)).Count;
        output.WriteLine(none.Problem ?? "no problem");
        Assert.Equal(0, none.Found);
        Assert.Contains("nobody speaks", none.Problem);
    }

    [Fact]
    public void Silence_has_no_speakers_and_no_problem()
    {
        ClusteringResult result = SpeakerClustering.Run(new Activity(0), new Embeddings(0, 8), ClusteringRecipe.Ahc);
        Assert.Equal(0, result.Count.Found);
        Assert.Null(result.Count.Problem);
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(new Activity(3), new ClusterAssignment(3, 0), new SlidingWindow(), new ReconstructionOptions());
        Assert.Empty(turns.Turns);
    }

    [Fact]
    public void Local_speakers_of_a_window_never_share_a_cluster_when_constrained()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 8, speakers: 3, seconds: 60, noise: 2.5);
        ClusteringResult result = Run(conversation, ClusteringRecipe.Ahc);
        for (int window = 0; window < conversation.Activity.Windows; window++)
        {
            int[] clusters = [.. Enumerable.Range(0, 3).Select(speaker => result.Assignment[window, speaker]).Where(cluster => cluster >= 0)];
            Assert.Equal(clusters.Length, clusters.Distinct().Count());
        }
    }

    [Fact]
    public void A_speaker_without_an_embedding_follows_the_neighbouring_windows()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 2, speakers: 2, seconds: 40);
        for (int window = 5; window < 8; window++)
        {
            for (int speaker = 0; speaker < 3; speaker++)
            {
                conversation.Embeddings[window, speaker].Fill(float.NaN);
            }
        }

        ClusteringResult result = Run(conversation, ClusteringRecipe.Ahc);
        Assert.Equal(2, result.Count.Found);
        AssertOneToOne(conversation, result.Assignment);
    }

    [Fact]
    public void A_long_recording_is_condensed_to_the_same_speakers()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 6, speakers: 4, seconds: 400);
        ClusteringResult exact = Run(conversation, ClusteringRecipe.Ahc);
        ClusteringResult condensed = Run(conversation, ClusteringRecipe.Ahc with { ExactLimit = 100 });
        Assert.False(exact.Condensed);
        Assert.True(condensed.Condensed);
        Assert.Equal(4, condensed.Count.Found);
        AssertOneToOne(conversation, condensed.Assignment);
    }

    [Fact]
    public void Oracle_clustering_gives_every_local_speaker_its_reference()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 4, speakers: 3, seconds: 60);
        ClusterAssignment oracle = OracleClustering.Assign(conversation.Activity, conversation.Turns, SyntheticConversation.Grid);
        Assert.Equal(3, oracle.ClusterCount);
        for (int window = 0; window < conversation.Activity.Windows; window++)
        {
            for (int speaker = 0; speaker < 3; speaker++)
            {
                string? voice = conversation.Activity.ActiveFrames(window, speaker) > 0 ? conversation.Voices[(window * 3) + speaker] : null;
                Assert.Equal(voice is null ? -1 : voice[0] - 'A', oracle[window, speaker]);
            }
        }

        // What was said comes back, but for the rounding to frames.
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(conversation.Activity, oracle, SyntheticConversation.Grid, new ReconstructionOptions());
        double spoken = conversation.Turns.Sum(turn => turn.Duration);
        Assert.Equal(spoken, turns.Turns.Sum(turn => turn.Duration), spoken * 0.01);
    }

    [Fact]
    public void A_speaker_of_one_word_is_flagged_as_a_possible_ghost()
    {
        var turns = new List<Turn> { new(30, 30.8, "C") };
        turns.AddRange(Enumerable.Range(0, 20).Where(index => index != 5).Select(index => new Turn(index * 6, (index * 6) + 5.5, index % 2 == 0 ? "A" : "B")));
        SyntheticConversation conversation = SyntheticConversation.Create(turns, seconds: 120, noise: 0.3);
        ClusteringResult result = Run(conversation, ClusteringRecipe.Ahc with { MinimumSoloShare = 0.05 });
        Assert.Equal(3, result.Count.Found);
        int place = Enumerable.Range(0, conversation.Activity.Windows * 3).First(place => conversation.Voices[place] == "C" && conversation.Activity.ActiveFrames(place / 3, place % 3) > 0);
        Assert.Equal([result.Assignment[place / 3, place % 3]], Enumerable.Range(0, 3).Where(result.IsGhost));
        Assert.True(result.IsGhost(3));
    }

    [Fact]
    public void A_count_near_the_edge_of_the_threshold_is_less_certain()
    {
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 5, speakers: 3, seconds: 60, noise: 0.6);
        int found = 3;
        var certainties = new List<(double Threshold, int Found, double Certainty)>();
        for (double threshold = 0.1; threshold < 1.6; threshold += 0.05)
        {
            SpeakerCountReport count = Run(conversation, ClusteringRecipe.Ahc with { Threshold = threshold }).Count;
            certainties.Add((threshold, count.Found, count.Certainty));
        }

        (double Threshold, int Found, double Certainty)[] right = [.. certainties.Where(each => each.Found == found)];
        output.WriteLine(string.Join("\n", certainties));
        Assert.True(right.Length > 5);
        Assert.True(right[right.Length / 2].Certainty > right[0].Certainty);
        Assert.True(right[right.Length / 2].Certainty > right[^1].Certainty);
        Assert.True(right[right.Length / 2].Certainty > 0.9);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SpeakerClustering.Run(new Activity(2), new Embeddings(3, 4), ClusteringRecipe.Ahc));
        SyntheticConversation conversation = SyntheticConversation.Create(seed: 1, speakers: 2, seconds: 20);
        Assert.Throws<ArgumentException>(() => Run(conversation, ClusteringRecipe.Community1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpeakerBounds(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpeakerBounds(3, 2));
    }

    private static ClusteringResult Run(SyntheticConversation conversation, ClusteringRecipe recipe, SpeakerBounds? bounds = null) =>
        SpeakerClustering.Run(conversation.Activity, conversation.Embeddings, recipe, bounds: bounds);

    private static int Used(SyntheticConversation conversation, ClusterAssignment assignment) =>
        Enumerable.Range(0, conversation.Activity.Windows)
            .SelectMany(window => Enumerable.Range(0, 3).Select(speaker => assignment[window, speaker]))
            .Where(cluster => cluster >= 0).Distinct().Count();

    private static void AssertOneToOne(SyntheticConversation conversation, ClusterAssignment assignment)
    {
        var clusterOf = new Dictionary<string, int>();
        for (int window = 0; window < conversation.Activity.Windows; window++)
        {
            for (int speaker = 0; speaker < conversation.Activity.Speakers; speaker++)
            {
                if (conversation.Activity.ActiveFrames(window, speaker) > 0)
                {
                    string voice = conversation.Voices[(window * conversation.Activity.Speakers) + speaker]!;
                    clusterOf.TryAdd(voice, assignment[window, speaker]);
                    Assert.Equal(clusterOf[voice], assignment[window, speaker]);
                }
                else
                {
                    Assert.Equal(ClusterAssignment.Unassigned, assignment[window, speaker]);
                }
            }
        }

        Assert.Equal(clusterOf.Count, clusterOf.Values.Distinct().Count());
        Assert.All(clusterOf.Values, cluster => Assert.True(cluster >= 0));
    }
}
