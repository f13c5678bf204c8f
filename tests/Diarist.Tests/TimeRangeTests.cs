namespace Diarist.Tests;

public class TimeRangeTests
{
    [Fact]
    public void Touching_ranges_do_not_overlap() => Assert.Equal(0, new TimeRange(0, 1).Overlap(new TimeRange(1, 2)));

    [Fact]
    public void A_range_holds_its_start_and_not_its_end()
    {
        var range = new TimeRange(1, 2);
        Assert.True(range.Contains(1));
        Assert.False(range.Contains(2));
    }
}
