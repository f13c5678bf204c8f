using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

public sealed class ExclusiveStretchesTests
{
    [Fact]
    public void Two_who_are_equally_probable_do_not_take_turns_row_by_row()
    {
        // Both speak for 10 s; each is ahead in every second row, the second one by more.
        List<ColumnStretch> exclusive = Decide(1000, row => [row % 2 == 0 ? 0.9f : 0.8f, row % 2 == 0 ? 0.7f : 0.99f], new(0, 0, 10, 0, 0), new(1, 0, 10, 0, 0));
        ColumnStretch only = Assert.Single(exclusive);
        Assert.Equal((0, 0.0, 10.0, 1000), (only.Column, only.Start, only.End, only.Rows));
        Assert.Equal(0.85, only.Confidence, 1e-6);
    }

    [Fact]
    public void In_an_overlap_the_more_probable_one_has_each_half_second()
    {
        List<ColumnStretch> exclusive = Decide(400, row => [row < 200 ? 0.9f : 0.6f, row < 200 ? 0.6f : 0.9f], new(0, 0, 3, 0, 0), new(1, 1, 4, 0, 0));
        Assert.Equal([(0, 0.0, 2.0), (1, 2.0, 4.0)], exclusive.Select(stretch => (stretch.Column, stretch.Start, stretch.End)));
    }

    [Fact]
    public void Pauses_stay_and_borders_between_rows_are_met_exactly()
    {
        List<ColumnStretch> exclusive = Decide(300, _ => [0.9f, 0.8f], new(0, 0.5, 1.003, 0, 0), new(1, 1.001, 1.9, 0, 0), new(0, 2.5, 2.7, 0, 0));
        Assert.Equal([(0, 0.5, 1.003), (1, 1.003, 1.9), (0, 2.5, 2.7)], exclusive.Select(stretch => (stretch.Column, stretch.Start, stretch.End)));
        Assert.Empty(Decide(300, _ => [0, 0]));
    }

    private static List<ColumnStretch> Decide(int rows, Func<int, float[]> values, params ColumnStretch[] turns) =>
        new ExclusiveStretches(turns).Decide(visit =>
        {
            for (int row = 0; row < rows; row++)
            {
                visit([.. values(row), 0, 0, 0, 0, 0, 0]);
            }
        });
}
