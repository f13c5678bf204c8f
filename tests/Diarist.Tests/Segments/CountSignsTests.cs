using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>How probable it is that a number of speakers is right.</summary>
public class CountSignsTests
{
    private static readonly CountSigns Usual = new(Alike: 0.05, Crowded: 0.2, Weak: 0.02, Number: 3, Briefest: 20);

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 0, 1, 0.5)]
    [InlineData(0, 1, 2, 0)]
    public void A_window_is_crowded_that_hears_more_people_than_the_result_has(int first, int second, int third, double share)
    {
        // The first window hears three people for 2 s each, the second nobody.
        var activity = new Activity(2);
        Fill(activity.Window(0), [(0, 120, 1), (120, 240, 2), (240, 360, 4)]);
        HeardSpeech heard = OverlapVotesTests.Heard(activity, [new Piece(0, 120), new Piece(120, 240), new Piece(240, 600)]);
        Assert.Equal(share > 0 ? 1 : 0, CrowdedWindows.Share(heard, [first, second, third], 3));

        // Now the second hears two of them, and a third for a third of a second, which is too brief.
        Fill(activity.Window(1), [(0, 60, 1), (60, 589, 4), (500, 520, 2)]);
        Assert.Equal(share, CrowdedWindows.Share(heard, [first, second, third], 3));
    }

    [Fact]
    public void Silence_is_not_crowded()
    {
        HeardSpeech heard = OverlapVotesTests.Heard(new Activity(3), [new Piece(0, 10)]);
        Assert.Equal(0, CrowdedWindows.Share(heard, [0], 1));
    }

    [Fact]
    public void Every_sign_makes_a_number_less_probable()
    {
        Assert.InRange(Usual.Probability, 0.5, 0.95);
        Assert.All(
            (CountSigns[])[Usual with { Alike = 0.2 }, Usual with { Crowded = 0.5 }, Usual with { Weak = 0.15 }, Usual with { Number = 6 }, Usual with { Briefest = 4 }],
            signs => Assert.InRange(signs.Probability, 0, Usual.Probability - 0.1));
    }

    [Theory]
    [InlineData(0.25, 0, 0, 3, 2)]
    [InlineData(0.25, 0.6, 0, 3, 4)]
    [InlineData(0, 0, 0.1, 3, 4)]
    [InlineData(0.25, 0, 0, 1, 2)]
    public void The_second_most_likely_number_is_where_the_signs_are(double alike, double crowded, double weak, int found, int other) =>
        Assert.Equal(other, new CountSigns(alike, crowded, weak, found, 20).RunnerUp(found));

    private static void Fill(Span<byte> window, (int Start, int End, byte Mask)[] stretches)
    {
        foreach ((int start, int end, byte mask) in stretches)
        {
            window[start..end].Fill(mask);
        }
    }
}
