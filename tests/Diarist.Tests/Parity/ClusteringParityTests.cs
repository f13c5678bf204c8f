using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Hierarchical;
using Diarist.Inference;
using Diarist.Numerics;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Tests.Parity;

/// <summary>Every clustering stage fed with the captured input, its output compared with the next capture of pyannote.audio 4.0.4.</summary>
public class ClusteringParityTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-6;
    private static readonly ParallelOptions Parallel = new();

    private static readonly string[] Stages = ["embeddings", "linkage", "plda", "vbx", "clusters", "frames", "turns", "numbers"];

    /// <summary>Recordings and stages; where captures are absent one case alone, which is skipped for all with the reason.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            (string, string)[] cases = [.. from name in CapturedRecording.Names from stage in Stages select (name, stage)];
            return [.. CapturedRecording.AreHere ? cases : cases[..1]];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stage_gives_what_the_reference_gives(string recording, string stage)
    {
        var captured = CapturedRecording.Load(recording);
        Action<CapturedRecording> check = stage switch
        {
            "embeddings" => EmbeddingsThatAreClustered,
            "linkage" => AgglomerativeLabels,
            "plda" => PldaVectorsUpToSign,
            "vbx" => PosteriorOfVbx,
            "clusters" => ClustersOfLocalSpeakers,
            "frames" => CountsAndDiscreteDiarization,
            "turns" => TurnsOfTheReference,
            _ => NumbersThatAreAskedFor,
        };
        check(captured);
    }

    private void EmbeddingsThatAreClustered(CapturedRecording captured)
    {
        TrainingSet training = captured.Training;
        Npz plda = captured.File("plda_embeddings");
        Assert.Equal(plda["train_chunk_idx"].ToInt64s(), training.Pairs.Select(pair => (long)pair.Window));
        Assert.Equal(plda["train_speaker_idx"].ToInt64s(), training.Pairs.Select(pair => (long)pair.Speaker));
        output.WriteLine($"{training.Pairs.Count} embeddings, all the same");
    }

    private void AgglomerativeLabels(CapturedRecording captured)
    {
        TrainingSet training = captured.Training;
        Dendrogram tree = Linkage.Centroid(training.Points.Normalized(), Parallel);
        int[] labels = tree.CutAt(captured.File("ahc_state")["threshold"].ToDoubles()[0]);
        output.WriteLine($"{ClusterLabels.Count(labels)} clusters");
        Assert.Equal(ClusterLabels.ByFirstAppearance([.. captured.AhcLabels.Select(label => (int)label)]), ClusterLabels.ByFirstAppearance(labels));
    }

    private void PldaVectorsUpToSign(CapturedRecording captured)
    {
        TrainingSet training = captured.Training;
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

    private void PosteriorOfVbx(CapturedRecording captured)
    {
        Assert.True(captured.Training.Pairs.Count >= 2);
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

    private void ClustersOfLocalSpeakers(CapturedRecording captured)
    {
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

        output.WriteLine($"scores: maximal difference {difference:g3}; {result.Count.Found} clusters, certainty {result.Count.Certainty:f3}, ghosts {string.Join(", ", result.Ghosts)}");
        Assert.True(difference <= 2 * Tolerance);
    }

    private void CountsAndDiscreteDiarization(CapturedRecording captured)
    {
        Npz reconstruction = captured.File("reconstruction");
        byte[] counts = SpeechFrames.Of(captured.Activity, captured.Grid).Counts(captured.Grid.OutputFrames(captured.Activity.Windows));
        Assert.Equal(reconstruction["count"].ToInt64s(), counts.Select(count => (long)count));

        // A column that only one side has must be silent.
        NpyArray expected = reconstruction["discrete_diarization"];
        int columns = expected.Shape[1];
        float[] values = expected.ToSingles();
        FrameClusters actual = FrameClusters.Reconstruct(captured.Activity, captured.HardClusters, captured.Grid, counts);
        Assert.Equal(expected.Shape[0], actual.Frames);
        int different = 0;
        for (int frame = 0; frame < actual.Frames; frame++)
        {
            for (int cluster = 0; cluster < Math.Max(columns, actual.Columns); cluster++)
            {
                bool speaks = cluster < columns && values[(frame * columns) + cluster] > 0.5f;
                different += actual[frame, cluster] != speaks ? 1 : 0;
            }
        }

        output.WriteLine($"{counts.Length} frames, {different} differ");
        Assert.Equal(0, different);
    }

    private void TurnsOfTheReference(CapturedRecording captured)
    {
        ClusteringResult result = SpeakerClustering.Run(captured.Activity, captured.Embeddings, ClusteringRecipe.Community1, CapturedRecording.Plda);
        var options = new ReconstructionOptions { MinimumDurationOff = captured.File("reconstruction")["min_duration_off"].ToDoubles()[0] };
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(captured.Activity, result.Assignment, captured.Grid, options);
        IReadOnlyList<Turn> expected = captured.ReferenceTurns;
        Assert.Equal(expected.Count, turns.Turns.Count);

        // Speakers are the same up to renaming: pair those who share most turns, then every turn must have its partner.
        string[] theirs = [.. expected.Select(turn => turn.Speaker).Distinct()];
        string[] ours = [.. turns.Turns.Select(turn => turn.Speaker).Distinct()];
        Assert.Equal(theirs.Length, ours.Length);
        double[] common = [.. theirs.SelectMany(their => ours.Select(our => (double)expected
            .Where(turn => turn.Speaker == their)
            .Count(turn => turns.Turns.Any(other => other.Speaker == our && Difference(turn, other) <= 0.001 + 1e-9))))];
        int[] partner = Assignment.Maximize(common, theirs.Length, ours.Length);
        double difference = 0;
        foreach (Turn turn in expected)
        {
            string name = ours[partner[Array.IndexOf(theirs, turn.Speaker)]];
            difference = Math.Max(difference, turns.Turns.Where(other => other.Speaker == name).Min(other => Difference(turn, other)));
        }

        output.WriteLine($"{expected.Count} turns of {theirs.Length} speakers, boundaries differ by at most {difference * 1000:f3} ms");
        Assert.True(difference <= 0.001 + 1e-9);
    }

    private void NumbersThatAreAskedFor(CapturedRecording captured)
    {
        int[] numbers = captured.Activity.Windows > 300 ? [4] : [.. Enumerable.Range(1, 8)];
        foreach (ClusteringRecipe recipe in (ClusteringRecipe[])[ClusteringRecipe.Community1, ClusteringRecipe.Ahc])
        {
            foreach (int wanted in numbers)
            {
                foreach (SpeakerBounds bounds in new[] { SpeakerBounds.Exactly(wanted), new SpeakerBounds(maximum: wanted), new SpeakerBounds(minimum: wanted) })
                {
                    ClusteringResult result = SpeakerClustering.Run(captured.Activity, captured.Embeddings, recipe, CapturedRecording.Plda, bounds);
                    var options = new ReconstructionOptions { MinimumSpeakers = bounds.Minimum ?? 0, MaximumSpeakers = bounds.Maximum ?? byte.MaxValue };
                    SpeakerCountReport count = ClusteringStages.CountIn(result.Count, TurnReconstruction.Reconstruct(captured.Activity, result.Assignment, captured.Grid, options));
                    Assert.Equal(bounds.Clamp(result.Count.Found), result.Count.Found);
                    Assert.True(bounds.Clamp(count.Found) == count.Found || count.Problem is not null);
                    Assert.True(count.Found <= (bounds.Maximum ?? int.MaxValue));
                    if (count.Problem is not null)
                    {
                        output.WriteLine($"{recipe.Name}, {bounds}: {count.Problem}");
                    }
                }
            }
        }
    }

    private static double Difference(Turn left, Turn right) => Math.Max(Math.Abs(left.Start - right.Start), Math.Abs(left.End - right.End));

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
