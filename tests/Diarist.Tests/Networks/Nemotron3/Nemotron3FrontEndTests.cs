using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

public sealed class Nemotron3FrontEndTests(ITestOutputHelper output)
{
    public static TheoryData<string> Parts => Captures.Rows("mel rows", "bands and rotary frequencies");

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_captured_front_end_is_met(string part)
    {
        Action compare = part == "mel rows" ? MelRows : BandsAndRotaryFrequencies;
        compare();
    }

    private void MelRows()
    {
        var capture = Captures.Archive("frontend.npz");
        var frontEnd = new Nemotron3FrontEnd(capture["mel_filters"].ToSingles());
        float[] mel = new float[6000 * 128];
        frontEnd.Compute(Captures.Audio, 0, 0, 6000, mel);
        float[] expected = [.. capture["mel"].ToSingles(), .. capture["mel_tail"].ToSingles()[..(7 * 128)]];
        float[] actual = [.. mel[..(1000 * 128)], .. mel[(5993 * 128)..]];
        double all = Captures.Difference(expected, actual);
        double loud = expected.Zip(actual, (e, a) => e > -12 ? Math.Abs(e - a) : 0).Max();
        output.WriteLine($"max error {all:e2}; {loud:e2} where the value is over -12");
        Assert.True(all <= 3e-4 && loud <= 5e-5);
        double[] sums = capture["mel_sum"].ToDoubles();
        for (int row = 0; row < 6000; row++)
        {
            Assert.Equal(sums[row], mel.AsSpan(row * 128, 128).ToArray().Sum(value => (double)value), 128 * 3e-4);
        }
    }

    [Fact]
    public void A_stretch_gives_the_bytes_of_the_whole()
    {
        var frontEnd = new Nemotron3FrontEnd(Nemotron3FrontEnd.SlaneyBank());
        float[] whole = new float[300 * 128], part = new float[40 * 128];
        frontEnd.Compute(SmallNetwork.Audio, 0, 0, 300, whole);
        foreach (int row in new[] { 0, 1, 57, 260 })
        {
            int start = Math.Max(0, (row * 160) - 201), end = ((row + 39) * 160) + 199;
            frontEnd.Compute(SmallNetwork.Audio.AsSpan(start, end - start), start, row, 40, part);
            Assert.True(part.AsSpan().SequenceEqual(whole.AsSpan(row * 128, 40 * 128)));
        }
    }

    private static void BandsAndRotaryFrequencies()
    {
        var capture = Captures.Archive("frontend.npz");
        float[] expected = capture["mel_filters"].ToSingles(), actual = Nemotron3FrontEnd.SlaneyBank();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 4e-9, $"{pair.First} {pair.Second}"));
        Assert.Equal(capture["inv_freq_64"].ToSingles(), new RotaryTable(64, 1, 10000).Frequencies);
        Assert.Equal(capture["inv_freq_16"].ToSingles(), new RotaryTable(16, 1, 10000).Frequencies);
    }
}
