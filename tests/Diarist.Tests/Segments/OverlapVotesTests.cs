using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>Who the speakers of an overlap are.</summary>
public class OverlapVotesTests
{
    private static readonly double[][] Centres = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];

    [Theory]
    [InlineData(0.2, 2)]
    [InlineData(null, 0)]
    public void A_local_speaker_who_is_two_people_is_the_one_beside_the_overlap(double? seconds, int second)
    {
        // Local speaker 0 is speaker 0 for 300 frames and speaker 2 later; local speaker 1 is speaker 1.
        var activity = new Activity(1);
        activity.Window(0)[..300].Fill(1);
        activity.Window(0)[300..420].Fill(2);
        activity.Window(0)[420..440].Fill(3);
        activity.Window(0)[440..500].Fill(1);
        SpeakerFrames frames = Fill(Heard(activity, [new Piece(0, 300), new Piece(300, 430), new Piece(430, 500)]), [0, 1, 2], seconds, threads: 1);
        for (int frame = 420; frame < 440; frame++)
        {
            Assert.Equal([1, second], frames.All.Active(frame).ToArray().Select(speaker => (int)speaker).OrderBy(speaker => speaker != 1));
        }
    }

    [Fact]
    public void A_local_speaker_who_is_never_alone_is_whom_the_voice_is_like()
    {
        var activity = new Activity(1);
        activity.Window(0)[..100].Fill(1);
        activity.Window(0)[100..150].Fill(3);
        HeardSpeech heard = Heard(activity, [new Piece(0, 150)]);
        heard.LoneVoices.Add(0, 1, [0.1f, 0.3f, 0.9f, 0]);
        SpeakerFrames frames = Fill(heard, [0], 0.2, threads: 1);
        Assert.Equal([0, 2], frames.All.Active(120).ToArray().Select(speaker => (int)speaker).Order());
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var random = new Random(1);
        var activity = new Activity(300);
        for (int window = 0; window < activity.Windows; window++)
        {
            for (int frame = 0; frame < activity.Frames; frame += 19)
            {
                activity.Window(window)[frame..(frame + 19)].Fill((byte)random.Next(8));
            }
        }

        var grid = new SlidingWindow();
        Piece[] pieces = [.. Enumerable.Range(0, grid.OutputFrames(300) / 40).Select(piece => new Piece(piece * 40, (piece + 1) * 40))];
        int[] labels = [.. pieces.Select(_ => random.Next(3))];
        HeardSpeech heard = Heard(activity, pieces);
        SpeakerFrames one = Fill(heard, labels, 0.2, threads: 1), four = Fill(heard, labels, 0.2, threads: 4);
        Assert.Contains((byte)2, heard.Counts);
        for (int frame = 0; frame < heard.Counts.Length; frame++)
        {
            Assert.Equal(one.All.Active(frame).ToArray(), four.All.Active(frame).ToArray());
            Assert.Equal(one.All.Agreement(frame).ToArray(), four.All.Agreement(frame).ToArray());
        }
    }

    private static SpeakerFrames Fill(HeardSpeech heard, int[] labels, double? seconds, int threads) =>
        SpeakerFrames.Fill(heard, labels, Centres, seconds, new ParallelOptions { MaxDegreeOfParallelism = threads });

    /// <summary>What a recording with these windows and pieces would be; no piece has a voice.</summary>
    internal static HeardSpeech Heard(Activity activity, Piece[] pieces)
    {
        var grid = new SlidingWindow();
        byte[] counts = SpeechFrames.Of(activity, grid).Counts(grid.OutputFrames(activity.Windows));
        foreach (ref byte count in counts.AsSpan(pieces[^1].End))
        {
            count = 0;
        }

        return new HeardSpeech
        {
            Grid = grid,
            Activity = activity,
            Counts = counts,
            Pieces = new PieceVectors(pieces, 4),
            FinePieces = new PieceVectors(pieces, 4),
            LoneVoices = new LoneVoices(),
            Duration = counts.Length * SlidingWindow.FrameStep,
        };
    }
}
