using Diarist.Clustering;
using Diarist.Segmentation;

namespace Diarist.Tests.Clustering;

public class CountCertaintyTests
{
    [Fact]
    public void A_wider_gap_makes_a_number_more_certain_and_crowds_make_it_less()
    {
        CountCertainty model = CountCertainty.SmallEmbedder;
        double plain = model.Of(new CountSigns(2, 0.2, 0.1));
        Assert.InRange(plain, 0.01, 0.99);
        Assert.True(model.Of(new CountSigns(4, 0.2, 0.1)) > plain);
        Assert.True(model.Of(new CountSigns(2, 0.4, 0.1)) < plain);
        Assert.True(model.Of(new CountSigns(2, 0.2, 0.5)) < plain);
    }

    [Fact]
    public void Windows_with_three_voices_of_half_a_second_are_crowded()
    {
        var activity = new Activity(4);
        activity.Window(0).Fill(0b111);
        activity.Window(1)[..29].Fill(0b111);
        activity.Window(2).Fill(0b011);
        CountSigns signs = CountCertainty.SignsOf(double.PositiveInfinity, activity);
        Assert.Equal(0.25, signs.Crowded);
        Assert.Equal(Math.Log(51), signs.Gap, 12);
    }
}
