using Diarist.Audio;

namespace Diarist.Tests.Audio;

public sealed class SampleCheckTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(12000f)]
    [InlineData(-32768f)]
    public void Samples_that_are_none_are_refused_with_their_place(float sample)
    {
        ArgumentException error = Assert.Throws<ArgumentException>("samples", () => SampleCheck.Require([0, 1, sample], "samples"));

        Assert.Contains("Sample 2 is", error.Message, StringComparison.Ordinal);
        Assert.Equal(float.IsFinite(sample), error.Message.Contains("32768;", StringComparison.Ordinal) || error.Message.Contains("by 32768", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mix_may_exceed_full_scale_a_little() => SampleCheck.Require([1.7f, -3f], "samples");
}
