using Diarist.Clustering;
using Diarist.Embedding;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Tests.Reconstruction;

public class TurnReconstructionTests
{
    private static readonly SlidingWindow Grid = new();

    [Fact]
    public void Counts_are_rounded_half_to_even()
    {
        // Window 1 starts at frame 59; from there to frame 588 both windows cover.
        var activity = new Activity(2);
        activity.Window(0)[100] = 0b001;
        activity.Window(0)[200] = 0b011;
        activity.Window(1)[200 - 59] = 0b001;
        activity.Window(0)[10] = 0b111;
        byte[] counts = SpeechFrames.Of(activity, Grid).Counts(Grid.OutputFrames(2));
        Assert.Equal(Grid.OutputFrames(2), counts.Length);
        Assert.Equal(0, counts[100]); // 0.5
        Assert.Equal(2, counts[200]); // 1.5
        Assert.Equal(3, counts[10]);
        Assert.Equal(1, SpeechFrames.Of(activity, Grid).Counts(11, most: 1)[10]);
    }

    [Fact]
    public void Masks_keep_solo_frames_unless_too_few_are_left()
    {
        var activity = new Activity(1);
        Span<byte> frames = activity.Window(0);
        frames[..100].Fill(0b001);
        frames[100..200].Fill(0b011);
        frames[200..204].Fill(0b010);
        // ⌈589 · 1000 / 160 000⌉ = 4: speaker 1 has only four frames of its own, which are too few; speaker 0 has a hundred.
        var masks = new Activity(1);
        EmbeddingMasks.Select(frames, SlidingWindow.LocalSpeakers, minimumSamples: 1000, masks.Window(0));
        Assert.Equal(100, masks.ActiveFrames(0, 0));
        Assert.Equal(104, masks.ActiveFrames(0, 1));
        frames[204] = 0b010;
        EmbeddingMasks.Select(frames, SlidingWindow.LocalSpeakers, minimumSamples: 1000, masks.Window(0));
        Assert.Equal(5, masks.ActiveFrames(0, 1));
    }

    [Fact]
    public void Turns_begin_and_end_in_the_middle_of_frames()
    {
        Activity activity = OneWindow((0, 10, 20));
        ReconstructedTurns turns = Reconstruct(activity, [0, -1, -1], 1);
        Turn turn = Assert.Single(turns.Turns);
        Assert.Equal(0.03096875 + (10 * 0.016875), turn.Start, 1e-12);
        Assert.Equal(0.03096875 + (20 * 0.016875), turn.End, 1e-12);
        Assert.Equal("SPEAKER_00", turn.Speaker);
        Assert.Equal(1.0, turn.Confidence);
    }

    [Fact]
    public void Labels_follow_the_first_appearance()
    {
        Activity activity = OneWindow((0, 100, 200), (1, 10, 50), (2, 300, 400));
        ReconstructedTurns turns = Reconstruct(activity, [2, 1, 0], 3);
        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"], turns.Turns.Select(turn => turn.Speaker));
        Assert.Equal([1, 2, 0], turns.Clusters);
    }

    [Fact]
    public void Ties_go_to_the_lower_cluster_and_the_exclusive_timeline_has_one_speaker_at_a_time()
    {
        Activity activity = OneWindow((0, 0, 100), (1, 50, 150));
        ReconstructedTurns turns = Reconstruct(activity, [1, 0, -1], 2);
        Assert.Equal(2, turns.Turns.Count);
        Assert.Equal(50 * 0.016875, turns.Turns[0].Range.Overlap(turns.Turns[1].Range), 1e-9);
        Assert.Equal([(0.03096875, "SPEAKER_00"), (0.03096875 + (50 * 0.016875), "SPEAKER_01")], turns.ExclusiveTurns.Select(turn => (turn.Start, turn.Speaker)));
        Assert.Equal(turns.ExclusiveTurns[0].End, turns.ExclusiveTurns[1].Start);
    }

    [Fact]
    public void More_counted_speakers_than_clusters_get_a_silent_column()
    {
        Activity activity = OneWindow((0, 0, 100), (1, 50, 100));
        ReconstructedTurns turns = Reconstruct(activity, [0, -1, -1], 1);
        Assert.Equal([0, 1], turns.Clusters);
        Assert.Equal(0.0, turns.Turns[1].Confidence);
    }

    [Fact]
    public void Minimum_durations_close_pauses_and_drop_turns()
    {
        Activity activity = OneWindow((0, 0, 100), (0, 110, 200), (1, 300, 305), (0, 400, 450), (1, 452, 500), (0, 505, 550));
        var options = new ReconstructionOptions { MinimumDurationOff = 0.5, MinimumDurationOn = 0.1 };
        ReconstructedTurns turns = Reconstruct(activity, [0, 1, -1], 2, options);
        Assert.Equal([(0, 200), (400, 450), (452, 500), (505, 550)], turns.Turns.Select(turn => (Frame(turn.Start), Frame(turn.End))));
        ReconstructedTurns closed = Reconstruct(activity, [0, 1, -1], 2, options with { MinimumDurationOff = 1 });
        Assert.Equal([(0, 200), (400, 550), (452, 500)], closed.Turns.Select(turn => (Frame(turn.Start), Frame(turn.End))));
        Assert.Equal([(0, 200), (400, 450), (452, 500), (505, 550)], closed.ExclusiveTurns.Select(turn => (Frame(turn.Start), Frame(turn.End))));
    }

    [Fact]
    public void No_turn_goes_beyond_the_recording()
    {
        Activity activity = OneWindow((0, 100, 589));
        ReconstructedTurns turns = Reconstruct(activity, [0, -1, -1], 1, new ReconstructionOptions { Duration = 5 });
        Assert.Equal(5, Assert.Single(turns.Turns).End);
        Assert.Empty(Reconstruct(activity, [0, -1, -1], 1, new ReconstructionOptions { Duration = 1 }).Turns);
    }

    [Fact]
    public void Two_local_speakers_of_one_cluster_vote_once()
    {
        // Cluster 0 has two local speakers in window 0, cluster 1 one in each of both windows, all active in frame 300.
        var activity = new Activity(2);
        activity.Window(0)[300] = 0b111;
        activity.Window(1)[300 - 59] = 0b001;
        var clusters = new ClusterAssignment(2, 2);
        (clusters[0, 0], clusters[0, 1], clusters[0, 2], clusters[1, 0]) = (0, 0, 1, 1);
        var counts = new byte[Grid.OutputFrames(2)];
        counts[300] = 1;
        FrameClusters frames = FrameClusters.Reconstruct(activity, clusters, Grid, counts);
        Assert.True(frames[300, 1]);
        Assert.False(frames[300, 0]);
    }

    private static int Frame(double seconds) => (int)Math.Round((seconds - 0.03096875) / 0.016875);

    private static Activity OneWindow(params (int Speaker, int Start, int End)[] stretches)
    {
        var activity = new Activity(1);
        foreach ((int speaker, int start, int end) in stretches)
        {
            for (int frame = start; frame < end; frame++)
            {
                activity.Window(0)[frame] |= (byte)(1 << speaker);
            }
        }

        return activity;
    }

    private static ReconstructedTurns Reconstruct(Activity activity, int[] clusters, int clusterCount, ReconstructionOptions? options = null)
    {
        var assignment = new ClusterAssignment(1, clusterCount);
        for (int speaker = 0; speaker < clusters.Length; speaker++)
        {
            assignment[0, speaker] = clusters[speaker];
        }

        return TurnReconstruction.Reconstruct(activity, assignment, Grid, options ?? new ReconstructionOptions());
    }
}
