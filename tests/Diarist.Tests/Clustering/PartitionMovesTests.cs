using Diarist.Clustering;
using Diarist.Embedding;
using Diarist.Hierarchical;
using Diarist.Segmentation;

namespace Diarist.Tests.Clustering;

public class PartitionMovesTests
{
    private static readonly double[] Phi = [30, 30, 30];

    [Fact]
    public void The_voice_that_was_merged_is_split_off_again()
    {
        int[] truth = [.. Enumerable.Range(0, 30).Select(index => index % 3)];
        (PartitionEvidence evidence, PartitionMoves moves) = Moves(truth);
        int[] merged = [.. truth.Select(label => label == 2 ? 0 : label)];
        int[] split = moves.Split(merged)!;
        Assert.Equal(truth, split);
        Assert.True(evidence.Of(split) > evidence.Of(merged));
    }

    [Fact]
    public void Merging_gives_the_pair_that_keeps_the_most_evidence()
    {
        int[] truth = [.. Enumerable.Range(0, 30).Select(index => index % 3)];
        (PartitionEvidence evidence, PartitionMoves moves) = Moves(truth);
        int[] halves = [.. truth.Select((label, index) => label == 1 && index >= 15 ? 3 : label)];
        Assert.Equal(truth, moves.Merge(halves));
        Assert.Equal(2, moves.Merge(truth).Distinct().Count());
        Assert.True(evidence.Of(truth) > evidence.Of(moves.Merge(truth)));
    }

    [Fact]
    public void A_cluster_of_five_vectors_is_too_small_to_be_split() => Assert.Null(Moves([0, 0, 0, 0, 0]).Moves.Split([0, 0, 0, 0, 0]));

    private static (PartitionEvidence Evidence, PartitionMoves Moves) Moves(int[] truth)
    {
        var activity = new Activity(truth.Length);
        var embeddings = new Embeddings(truth.Length, Phi.Length);
        for (int window = 0; window < truth.Length; window++)
        {
            activity.Window(window).Fill(1);
            for (int axis = 0; axis < Phi.Length; axis++)
            {
                embeddings[window, 0][axis] = (axis == truth[window] ? 9 : 1) + (0.1f * (window % 5));
            }
        }

        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        EvidenceRecipe recipe = ClusteringRecipe.SmallEmbedder with { Discriminant = new SpeakerDiscriminant(new double[3], identity, Phi, scatter: 1) };
        TrainingSet training = TrainingSet.Select(activity, embeddings, recipe, SpeakerBounds.None);
        var evidence = new PartitionEvidence(training, step: 1, scatter: null, recipe);
        return (evidence, new PartitionMoves(evidence, Linkage.AverageCosine(training.Points.Normalized(), new ParallelOptions())));
    }
}
