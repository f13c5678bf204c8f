using Diarist.Clustering;
using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Pipeline;
using Diarist.Segmentation;

namespace Diarist.Tests.Clustering;

public class EvidenceClusteringTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_number_of_speakers_is_found_in_vectors_of_the_model_itself(int speakers)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            (Activity activity, Embeddings embeddings) = Draw(speakers, windows: 60, seed);
            ClusteringResult result = SpeakerClustering.Run(activity, embeddings, Recipe());
            Assert.Equal(speakers, result.Count.Found);
            for (int window = 0; window < activity.Windows; window++)
            {
                Assert.Equal(result.Assignment[window % speakers, 0], result.Assignment[window, 0]);
            }
        }
    }

    [Fact]
    public void A_number_that_is_asked_for_binds()
    {
        (Activity activity, Embeddings embeddings) = Draw(speakers: 3, windows: 60, seed: 1);
        Assert.Equal(2, SpeakerClustering.Run(activity, embeddings, Recipe(), bounds: SpeakerBounds.Exactly(2)).Count.Found);
        Assert.Equal(2, SpeakerClustering.Run(activity, embeddings, Recipe(), bounds: new SpeakerBounds(maximum: 2)).Count.Found);
        EvidenceRecipe willing = Recipe() with { LargestLoss = double.PositiveInfinity };
        Assert.Equal(6, SpeakerClustering.Run(activity, embeddings, willing, bounds: SpeakerBounds.Exactly(6)).Count.Found);
        Assert.Equal(4, SpeakerClustering.Run(activity, embeddings, willing, bounds: new SpeakerBounds(4, 6)).Count.Found);
    }

    [Fact]
    public void Voices_that_nothing_speaks_for_are_not_made_of_others()
    {
        (Activity activity, Embeddings embeddings) = Draw(speakers: 3, windows: 60, seed: 1);
        ClusteringResult result = SpeakerClustering.Run(activity, embeddings, Recipe(), bounds: SpeakerBounds.Exactly(6));
        Assert.Equal(3, result.Count.Found);
        Assert.Contains("only 3 different voices", result.Count.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void The_turns_have_as_many_speakers_as_were_asked_for(int wanted)
    {
        (Activity activity, Embeddings embeddings) = Alternating(windows: 60);
        var stages = new ClusteringStages(new DiarizerOptions { Recipe = Recipes.SmallEmbedder, Speakers = wanted, Threads = 1 }, plda: null, new StageClock(null));
        Diarization result = stages.Run(activity, embeddings, duration: null, CancellationToken.None);
        Assert.Equal(wanted, result.Speakers.Count);
        Assert.Equal(wanted, result.Turns.Select(turn => turn.Speaker).Distinct().Count());
        Assert.All(result.ExclusiveTurns, turn => Assert.Contains(turn.Speaker, result.Speakers.Select(speaker => speaker.Label)));
        Assert.True(result.Count.Problem is null || result.Speakers.Any(speaker => speaker.IsGhost));
    }

    [Fact]
    public void Threads_do_not_change_the_result()
    {
        (Activity activity, Embeddings embeddings) = Draw(speakers: 4, windows: 200, seed: 3);
        ClusteringResult one = SpeakerClustering.Run(activity, embeddings, Recipe(), parallel: new ParallelOptions { MaxDegreeOfParallelism = 1 });
        ClusteringResult two = SpeakerClustering.Run(activity, embeddings, Recipe(), parallel: new ParallelOptions { MaxDegreeOfParallelism = 2 });
        Assert.Equal(one.Count, two.Count);
        for (int cluster = 0; cluster < one.Centroids.Count; cluster++)
        {
            Assert.Equal(one.Centroids[cluster].ToArray(), two.Centroids[cluster].ToArray());
        }
    }

    [Fact]
    public void Vectors_that_scatter_too_much_are_impure()
    {
        var activity = new Activity(3);
        var embeddings = new Embeddings(3, 2);
        for (int window = 0; window < 3; window++)
        {
            activity.Window(window).Fill(1);
            embeddings[window, 0].Clear();
            embeddings[window, 0][0] = window == 1 ? 0.6f : 0.95f;
        }

        TrainingSet training = TrainingSet.Select(activity, embeddings, ClusteringRecipe.Plain, SpeakerBounds.None);
        double scatter = VectorScatter.Of(embeddings, training)!.Value;
        Assert.Equal([false, true, false], VectorScatter.Impure(embeddings, training, scatter, factor: 1.4));
        Assert.Equal(2, training.In(embeddings, [false, true, false]).Pairs.Count);
        Assert.Equal(3, training.In(embeddings, [true, true, false]).Pairs.Count); // one alone would be too few
    }

    [Fact]
    public void Embeddings_of_another_network_are_refused() =>
        Assert.Throws<ArgumentException>(() => SpeakerDiscriminant.Voxsv.Project(new Embeddings(1, 256)));

    [Fact]
    public void The_discriminant_survives_being_written()
    {
        using var stream = new MemoryStream();
        SpeakerDiscriminant.Voxsv.Write(stream);
        using Stream shipped = typeof(SpeakerDiscriminant).Assembly.GetManifestResourceStream("Diarist.voxsv-discriminant.json")!;
        using var copy = new MemoryStream();
        shipped.CopyTo(copy);
        Assert.Equal(copy.ToArray(), stream.ToArray());
        Assert.Equal(SpeakerDiscriminant.Voxsv.Phi.OrderDescending(), SpeakerDiscriminant.Voxsv.Phi);
    }

    // Φ = 20 on every axis: clear voices. The projection is the identity, the vectors have no scatter to read a channel from.
    private static EvidenceRecipe Recipe()
    {
        double[] identity = new double[Dimension * Dimension];
        for (int axis = 0; axis < Dimension; axis++)
        {
            identity[axis * (Dimension + 1)] = 1;
        }

        double[] phi = [.. Enumerable.Repeat(20.0, Dimension)];
        return ClusteringRecipe.SmallEmbedder with { Discriminant = new SpeakerDiscriminant(new double[Dimension], identity, phi, scatter: 1), EvidencePerSecond = 0.05 };
    }

    /// <summary>Two voices of voxsv's space that take turns of a second and a half in every window, with pauses.</summary>
    private static (Activity Activity, Embeddings Embeddings) Alternating(int windows)
    {
        var random = new Random(7);
        var activity = new Activity(windows);
        var embeddings = new Embeddings(windows, SpeakerDiscriminant.Voxsv.InputDimension);
        for (int window = 0; window < windows; window++)
        {
            for (int frame = 0; frame < activity.Frames; frame++)
            {
                int second = (int)((window + (frame * SlidingWindow.FrameStep)) / 1.5);
                bool pause = (window + (frame * SlidingWindow.FrameStep)) % 1.5 < 0.2;
                activity.Window(window)[frame] = (byte)(pause ? 0 : 1 << (second % 2));
            }

            for (int speaker = 0; speaker < 2; speaker++)
            {
                for (int axis = 0; axis < embeddings.Dimension; axis++)
                {
                    embeddings[window, speaker][axis] = (float)((axis % 2 == speaker ? 0.15 : 0.02) + (0.01 * random.NextDouble()));
                }
            }

            embeddings[window, 2].Fill(float.NaN);
        }

        return (activity, embeddings);
    }

    /// <summary>One speaker a window, taking turns; speaker means of variance 20, vectors about them of variance 1.</summary>
    private static (Activity Activity, Embeddings Embeddings) Draw(int speakers, int windows, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] means = [.. Enumerable.Range(0, speakers).Select(_ => Enumerable.Range(0, Dimension).Select(_ => Math.Sqrt(20) * Normal()).ToArray())];
        var activity = new Activity(windows);
        var embeddings = new Embeddings(windows, Dimension);
        for (int window = 0; window < windows; window++)
        {
            activity.Window(window).Fill(1);
            for (int axis = 0; axis < Dimension; axis++)
            {
                embeddings[window, 0][axis] = (float)(means[window % speakers][axis] + Normal());
            }
        }

        return (activity, embeddings);
    }
}
