using Diarist.Clustering;
using Diarist.Inference;
using Diarist.Segmentation;

namespace Diarist.Tests.Parity;

/// <summary>Every clustering stage fed with the captured input, its output compared with the next capture of pyannote.audio 4.0.4.</summary>
public class ClusteringParityTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-6;
    private static readonly ParallelOptions Parallel = new();

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void The_same_embeddings_are_clustered(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        TrainingSet training = TrainingSet.Select(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, SpeakerBounds.None);
        Npz plda = captured.File("plda_embeddings");
        Assert.Equal(plda["train_chunk_idx"].ToInt64s(), training.Pairs.Select(pair => (long)pair.Window));
        Assert.Equal(plda["train_speaker_idx"].ToInt64s(), training.Pairs.Select(pair => (long)pair.Speaker));
        output.WriteLine($"{training.Pairs.Count} embeddings, all the same");
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void Agglomerative_labels_are_identical(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        TrainingSet training = TrainingSet.Select(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, SpeakerBounds.None);
        Dendrogram tree = Linkage.Centroid(training.Points.Normalized(), Parallel);
        int[] labels = tree.CutAt(captured.File("ahc_state")["threshold"].ToDoubles()[0]);
        output.WriteLine($"{ClusterLabels.Count(labels)} clusters, {tree.Inversions} inversions");
        Assert.Equal(captured.AhcLabels, labels.Select(label => (long)label));
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void The_plda_gives_the_same_vectors_up_to_sign(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        TrainingSet training = TrainingSet.Select(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, SpeakerBounds.None);
        Close("after LDA", Flat(captured.PldaEmbeddings("post_xvec")), Flat(CapturedRecording.Plda.NormalizeLength(training.Points)));
        Close("Φ", captured.File("plda_embeddings")["phi"].ToDoubles(), CapturedRecording.Plda.Phi);

        PointSet expected = captured.PldaEmbeddings("post_plda");
        PointSet actual = CapturedRecording.Plda.Transform(training.Points);
        for (int axis = 0; axis < expected.Dimension; axis++)
        {
            double agreement = 0;
            for (int index = 0; index < expected.Count; index++)
            {
                agreement += expected[index][axis] * actual[index][axis];
            }

            for (int index = 0; index < expected.Count && agreement < 0; index++)
            {
                actual[index][axis] = -actual[index][axis];
            }
        }

        Close("after PLDA", Flat(expected), Flat(actual));
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void Vbx_reaches_the_same_posterior(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        Npz state = captured.File("vbx_state");
        double[] phi = captured.File("plda_embeddings")["phi"].ToDoubles();
        int[] labels = [.. captured.AhcLabels.Select(label => (int)label)];
        int speakers = ClusterLabels.Count(labels);
        var options = new VbxOptions
        {
            Fa = state["fa"].ToDoubles()[0],
            Fb = state["fb"].ToDoubles()[0],
            MaximumIterations = (int)state["max_iters"].ToInt64s()[0],
        };
        Close("first q", state["qinit"].ToDoubles(), Vbx.InitialResponsibilities(labels, speakers, options.InitialSmoothing));

        VbxPosterior posterior = Vbx.Run(captured.PldaEmbeddings("post_plda"), phi, labels, speakers, options, Parallel);
        double[] bounds = state["elbo_trajectory"].ToDoubles();
        Assert.Equal(bounds.Length, posterior.LowerBounds.Count);
        Close("ELBO", bounds, [.. posterior.LowerBounds]);
        Close("q", state["q_final"].ToDoubles(), posterior.Responsibilities);
        Close("sp", state["sp_final"].ToDoubles(), posterior.Priors);
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void Active_local_speakers_get_the_same_clusters(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        Npz clustering = captured.File("clustering");
        ClusteringResult result = SpeakerClustering.Run(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, CapturedRecording.Plda);
        Close("centroids", clustering["centroids"].ToDoubles(), Flat(result.Centroids));

        double[] soft = clustering["soft_clusters"].ToDoubles();
        var scores = new CentroidAssignment(captured.Activity, captured.Embeddings, result.Centroids, Parallel);
        ClusterAssignment expected = captured.HardClusters;
        double difference = 0;
        for (int window = 0; window < captured.Activity.Windows; window++)
        {
            for (int speaker = 0; speaker < captured.Activity.Speakers; speaker++)
            {
                Assert.Equal(expected[window, speaker], result.Assignment[window, speaker]);
                if (captured.Activity.ActiveFrames(window, speaker) > 0)
                {
                    int first = ((window * captured.Activity.Speakers) + speaker) * result.Centroids.Count;
                    difference = Math.Max(difference, LargestDifference(soft.AsSpan(first, result.Centroids.Count), scores.Scores(window, speaker)));
                }
            }
        }

        output.WriteLine($"scores: maximal difference {difference:g3}; {result.Count.Found} clusters, certainty {result.Count.Certainty:f3}, ghosts {string.Join(", ", result.Clusters)}");
        Assert.True(difference <= 2 * Tolerance);
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void Speaker_counts_and_discrete_diarization_are_identical(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        Npz reconstruction = captured.File("reconstruction");
        byte[] counts = SpeakerCounting.Count(captured.Activity, CapturedRecording.Grid);
        Assert.Equal(reconstruction["count"].ToInt64s(), counts.Select(count => (long)count));

        NpyArray expected = reconstruction["discrete_diarization"];
        float[] values = expected.ToSingles();
        DiscreteDiarization actual = DiscreteDiarization.Reconstruct(captured.Activity, captured.HardClusters, CapturedRecording.Grid, counts);
        Assert.Equal(expected.Shape[1], actual.Columns);
        int different = 0;
        for (int frame = 0; frame < expected.Shape[0]; frame++)
        {
            for (int cluster = 0; cluster < actual.Columns; cluster++)
            {
                different += actual[frame, cluster] != values[(frame * actual.Columns) + cluster] > 0.5f ? 1 : 0;
            }
        }

        output.WriteLine($"{counts.Length} frames, {different} differ");
        Assert.Equal(0, different);
    }

    [Theory]
    [MemberData(nameof(CapturedRecording.Names), MemberType = typeof(CapturedRecording))]
    public void Turns_from_segmentations_and_embeddings_equal_the_reference(string recording)
    {
        CapturedRecording captured = CapturedRecording.Load(recording);
        ClusteringResult result = SpeakerClustering.Run(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, CapturedRecording.Plda);
        ReconstructedTurns turns = Reconstruction.Reconstruct(captured.Activity, result.Assignment, CapturedRecording.Grid, new ReconstructionOptions());

        // Labels agree up to renaming: sort both by time and name, then the names must pair off one to one.
        Turn[] expected = [.. captured.ReferenceTurns.OrderBy(turn => Math.Round(turn.Start, 2)).ThenBy(turn => turn.End)];
        Turn[] actual = [.. turns.Turns.OrderBy(turn => Math.Round(turn.Start, 2)).ThenBy(turn => turn.End)];
        Assert.Equal(expected.Length, actual.Length);
        var names = new Dictionary<string, string>();
        double difference = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            difference = Math.Max(difference, Math.Max(Math.Abs(expected[index].Start - actual[index].Start), Math.Abs(expected[index].End - actual[index].End)));
            names.TryAdd(expected[index].Speaker, actual[index].Speaker);
            Assert.Equal(names[expected[index].Speaker], actual[index].Speaker);
        }

        output.WriteLine($"{expected.Length} turns of {names.Count} speakers, boundaries differ by at most {difference * 1000:f3} ms");
        Assert.Equal(names.Count, names.Values.Distinct().Count());
        Assert.True(difference <= 0.001 + 1e-9);
    }

    private void Close(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        double difference = LargestDifference(expected, actual);
        output.WriteLine($"{what}: maximal difference {difference:g3}, {difference / largest:g3} of the largest magnitude {largest:g6}");
        Assert.True(difference <= Tolerance * largest, $"{what} differs by {difference:g3} where {Tolerance * largest:g3} is allowed.");
    }

    private static double LargestDifference(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double difference = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            double each = Math.Abs(expected[index] - actual[index]);
            difference = double.IsNaN(each) ? double.PositiveInfinity : Math.Max(difference, each);
        }

        return difference;
    }

    private static double[] Flat(PointSet points)
    {
        var flat = new double[points.Count * points.Dimension];
        for (int index = 0; index < points.Count; index++)
        {
            points[index].CopyTo(flat.AsSpan(index * points.Dimension));
        }

        return flat;
    }
}
