using Diarist.Scoring;

namespace Diarist.Tests.Scoring;

public class JaccardErrorRateTests
{
    private static readonly Turn[] One = [new(0, 1, "A")];

    [Fact]
    public void Both_sides_empty_is_0_and_one_side_empty_is_1()
    {
        Assert.Equal(0, JaccardErrorRate.Compute([], []).Rate);
        Assert.Equal(1, JaccardErrorRate.Compute(One, []).Rate);
        Assert.Equal(1, JaccardErrorRate.Compute([], One).Rate);
    }

    [Fact]
    public void Every_reference_speaker_weighs_the_same()
    {
        JaccardScore score = JaccardErrorRate.Compute([new(0, 100, "A"), new(100, 101, "B")], [new Turn(0, 100, "x")]);
        Assert.Equal([new("A", "x", 0), new("B", null, 1)], score.Speakers);
        Assert.Equal(0.5, score.Rate);
    }

    [Fact]
    public void Recordings_pool_by_reference_speakers()
    {
        JaccardScore right = JaccardErrorRate.Compute([new(0, 1, "A"), new(1, 2, "B"), new(2, 3, "C")], [new(0, 1, "x"), new(1, 2, "y"), new(2, 3, "z")]);
        Assert.Equal(0.25, JaccardErrorRate.Pool([right, JaccardErrorRate.Compute(One, [])]));
        Assert.Equal(0, JaccardErrorRate.Pool([right, JaccardErrorRate.Compute([], One)]));
        Assert.Equal(1, JaccardErrorRate.Pool([JaccardErrorRate.Compute([], []), JaccardErrorRate.Compute([], One)]));
    }

    [Fact]
    public void A_frame_belongs_to_who_speaks_at_its_start()
    {
        // Frames at 0.00, 0.01, …: the reference holds those at 0.01 and 0.02, the hypothesis those at 0.02 and 0.03.
        JaccardScore score = JaccardErrorRate.Compute([new Turn(0.001, 0.021, "A")], [new Turn(0.02, 0.031, "x")]);
        Assert.Equal(1 - (1 / 3d), score.Rate, 12);
    }
}
