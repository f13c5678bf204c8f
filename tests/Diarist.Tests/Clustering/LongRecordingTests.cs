using System.Diagnostics;
using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Reconstruction;
using Diarist.Tests.Parity;
using Activity = Diarist.Segmentation.Activity;

namespace Diarist.Tests.Clustering;

/// <summary>Long recordings, made by repeating the longest capture with noise added to its embeddings.</summary>
public class LongRecordingTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_thousand_embeddings_take_seconds() => Measure(windows: 1_930, expectCondensed: false);

    [Fact(Explicit = true)]
    public void Twenty_thousand_embeddings_stay_under_4_GB_and_3_minutes() => Measure(windows: 19_300, expectCondensed: false);

    [Fact(Explicit = true)]
    public void A_hundred_and_thirty_thousand_embeddings_are_condensed() => Measure(windows: 125_470, expectCondensed: true);

    [Fact(Explicit = true)]
    public void A_day_of_embeddings_is_condensed() => Measure(windows: 86_400, expectCondensed: true);

    private void Measure(int windows, bool expectCondensed)
    {
        CapturedRecording captured = CapturedRecording.Load("rec06");
        (Activity activity, Embeddings embeddings) = Repeat(captured, windows);
        var clock = Stopwatch.StartNew();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        ClusteringResult result = SpeakerClustering.Run(activity, embeddings, ClusteringRecipe.Community1, CapturedRecording.Plda);
        TimeSpan clustered = clock.Elapsed;
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime - before;
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(activity, result.Assignment, captured.Grid, new ReconstructionOptions());
        output.WriteLine($"{windows} windows: clustering {clustered.TotalSeconds:f1} s ({processor.TotalSeconds:f1} s of processor time), reconstruction {(clock.Elapsed - clustered).TotalSeconds:f1} s, peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:f2} GB");
        output.WriteLine($"{result.Count}, {turns.Turns.Count} turns");
        Assert.Equal(expectCondensed, result.Condensed);
        Assert.True(processor < 2 * TimeSpan.FromMinutes(3), "Two cores have three minutes.");

        // Repeated evidence makes VBx split voices, but no cluster may mix two of them.
        double purity = Purity(captured, activity, result.Assignment);
        output.WriteLine($"{purity:p2} of the local speakers that shaped the clusters are in one of their own voice");
        Assert.True(purity > 0.9);
    }

    /// <summary>The share of local speakers with much speech of their own whose captured cluster is the most frequent one of their cluster.</summary>
    private static double Purity(CapturedRecording captured, Activity activity, ClusterAssignment assignment)
    {
        ClusterAssignment voices = captured.HardClusters;
        var together = new int[assignment.ClusterCount, voices.ClusterCount];
        for (int window = 0; window < activity.Windows; window++)
        {
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                int voice = voices[window % voices.Windows, speaker];
                if (voice >= 0 && activity.SoloFrames(window, speaker) >= 0.2 * activity.Frames && assignment[window, speaker] is var cluster and >= 0)
                {
                    together[cluster, voice]++;
                }
            }
        }

        int[][] rows = [.. Enumerable.Range(0, assignment.ClusterCount)
            .Select(cluster => Enumerable.Range(0, voices.ClusterCount).Select(voice => together[cluster, voice]).ToArray())];
        return rows.Sum(row => row.Max()) / (double)rows.Sum(row => row.Sum());
    }

    private static (Activity Activity, Embeddings Embeddings) Repeat(CapturedRecording captured, int windows)
    {
        var random = new Random(1);
        var activity = new Activity(windows, captured.Activity.Frames, captured.Activity.Speakers);
        var embeddings = new Embeddings(windows, captured.Embeddings.Dimension, captured.Embeddings.Speakers);
        for (int window = 0; window < windows; window++)
        {
            int source = window % captured.Activity.Windows;
            captured.Activity.Window(source).CopyTo(activity.Window(window));
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                Span<float> target = embeddings[window, speaker];
                captured.Embeddings[source, speaker].CopyTo(target);
                for (int axis = 0; window >= captured.Activity.Windows && axis < target.Length; axis++)
                {
                    target[axis] += 0.06f * (float)(random.NextDouble() + random.NextDouble() - 1);
                }
            }
        }

        return (activity, embeddings);
    }
}
