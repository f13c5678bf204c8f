using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

public class SpeakerColumnsTests
{
    // Everybody takes turns of three seconds, and the next one begins half a second before the last one ends.
    private const int TurnRows = 300, OverlapRows = 50;

    [Fact]
    public void Turns_and_probabilities_of_ten_busy_hours_take_little_memory_beside_the_rows()
    {
        const int seconds = 36_000;
        SpeakerColumns columns = Talk(seconds, Nemotron3Configuration.Speakers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        List<ColumnStretch> turns = columns.Turns(TurnSettings.Card, seconds), exclusive = columns.Exclusive(turns);
        SpeakerProbabilities probabilities = columns.Of(Enumerable.Range(0, Nemotron3Configuration.Speakers).ToDictionary(column => column, column => $"SPEAKER_{column:00}"));

        // A copy of the rows, even in 8 bits, would be 29 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.InRange(turns.Count, seconds / 3, (seconds / 2) + 1);
        Assert.True(exclusive.Count >= turns.Count);
        Assert.Equal(1, probabilities.Of(new TimeRange(1, 2), "SPEAKER_00")!.Value, 1e-3);
    }

    [Fact]
    public void A_merged_speaker_has_the_larger_probability_of_the_two()
    {
        SpeakerColumns columns = Talk(60, 2);
        Assert.True(columns.MergeWeakest(columns.Turns(TurnSettings.Card, 60)));
        List<ColumnStretch> turns = columns.Turns(TurnSettings.Card, 60);
        ColumnStretch all = Assert.Single(turns);
        Assert.Equal((0, 60), (all.Start, all.End));
        SpeakerProbabilities probabilities = columns.Of(new Dictionary<int, string> { [all.Column] = "A" });
        Assert.Equal(1, probabilities.Of(new TimeRange(1, 2), "A")!.Value, 1e-3);
        Assert.Equal(1, probabilities.Of(new TimeRange(4, 5), "A")!.Value, 1e-3);
    }

    private static SpeakerColumns Talk(int seconds, int people)
    {
        var columns = new SpeakerColumns();
        var row = new float[Nemotron3Configuration.Speakers];
        for (int at = 0; at < seconds * 100; at++)
        {
            int turn = at / (TurnRows - OverlapRows);
            Array.Clear(row);
            row[turn % people] = 1;
            if (turn > 0 && at % (TurnRows - OverlapRows) < OverlapRows)
            {
                row[(turn - 1) % people] = 0.9f;
            }

            columns.Add(row);
        }

        return columns;
    }
}
