using Diarist.Audio;
using Diarist.Features;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Features;

public class FilterBankTests(ITestOutputHelper output)
{
    [Fact]
    public void Kaldi_s_bank_stays_within_a_thousandth_of_exact_arithmetic_on_speech()
    {
        CompareKaldi(Fixture.Recording("conversation"));
        IEnumerable<string> more = Shared.Has("audio") ? Directory.EnumerateFiles(Shared.Require("audio"), "*.flac", SearchOption.AllDirectories) : [];
        foreach (string file in more.Order().Where((_, i) => i % 4 == 0).Take(12))
        {
            output.WriteLine(Path.GetFileName(file));
            CompareKaldi(AudioReader.ReadMono(file));
        }
    }

    [Theory]
    [Trait(InstructionSets.Trait, InstructionSets.Kernels)]
    [InlineData(0)]
    [InlineData(399)]
    [InlineData(400)]
    [InlineData(559)]
    [InlineData(560)]
    [InlineData(1200)]
    [InlineData(1360)]
    [InlineData(16000)]
    public void Kaldi_s_bank_takes_any_number_of_frames(int length) => CompareKaldi(Speech.Synthetic(length, 1));

    [Fact]
    public void Kaldi_s_bank_holds_on_silence_full_scale_and_a_single_click()
    {
        CompareKaldi(new float[2000]);
        CompareKaldi([.. Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? 1f : -1f)]);
        CompareKaldi([.. Enumerable.Range(0, 2000).Select(i => i == 700 ? 1f : 0f)]);
    }

    [Fact]
    public void Frames_do_not_depend_on_where_the_stretch_starts()
    {
        float[] samples = Speech.Synthetic(32000, 2);
        var bank = new KaldiFilterBank();
        float[] whole = Kaldi(bank, samples);
        float[] later = Kaldi(bank, samples.AsSpan(160 * 37));
        Assert.Equal(whole[(37 * 80)..], later);
    }

    [Fact]
    public void Ten_seconds_give_998_frames_and_the_mean_is_removed()
    {
        float[] features = Kaldi(new KaldiFilterBank(), Speech.Synthetic(160_000, 3));
        Assert.Equal(998 * 80, features.Length);
        KaldiFilterBank.SubtractMean(features, features);
        for (int filter = 0; filter < 80; filter++)
        {
            Assert.Equal(0, Enumerable.Range(0, 998).Average(frame => features[(frame * 80) + filter]), 1e-5);
        }
    }

    private void CompareKaldi(float[] samples) =>
        Compare(samples.Length < 400 ? [] : FilterBankReference.Kaldi(samples), Kaldi(new KaldiFilterBank(), samples), 1e-3);

    private static float[] Kaldi(KaldiFilterBank bank, ReadOnlySpan<float> samples)
    {
        var features = new float[KaldiFilterBank.FrameCount(samples.Length) * KaldiFilterBank.Filters];
        bank.Compute(samples, features);
        return features;
    }

    private void Compare(double[][] expected, float[] actual, double bound)
    {
        Assert.Equal(expected.Length * 80, actual.Length);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i / 80][i % 80] - actual[i]));
        }

        output.WriteLine($"{expected.Length} frames, maximal difference {worst:E2}");
        Assert.InRange(worst, 0, bound);
    }
}
