using Diarist.Simulation;

namespace Diarist.Tests.Simulation;

public sealed class SoundEffectTests
{
    [Fact]
    public void A_room_decays_by_60_dB_in_its_reverberation_time()
    {
        foreach (double seconds in (double[])[0.2, 0.5, 1.2])
        {
            float[] response = new RoomReverb(seconds, 6, new SimulationRandom(1, 0)).Apply([1f]);
            double tail = response.Skip(1).Sum(sample => (double)sample * sample);
            Assert.Equal(1, response[0]);
            Assert.Equal(6, -10 * Math.Log10(tail), 0.01);

            // Backward integration (Schroeder): the time from −5 to −35 dB, times two.
            double left = tail;
            int at5 = 0, at35 = 0;
            for (int i = 1; i < response.Length; i++)
            {
                left -= (double)response[i] * response[i];
                at5 = left > tail * Math.Pow(10, -0.5) ? i : at5;
                at35 = left > tail * Math.Pow(10, -3.5) ? i : at35;
            }

            double measured = 2 * (at35 - at5) / 16000.0;
            TestContext.Current.TestOutputHelper!.WriteLine($"RT60 {seconds} s: measured {measured:0.000} s");
            Assert.InRange(measured, 0.9 * seconds, 1.1 * seconds);
        }
    }

    [Theory]
    [InlineData(TelephoneChannel.PlainHalfTaps, 60, -100, -30)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 150, -25, -15)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 500, -0.5, 0.5)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 1000, -0.5, 0.5)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 3000, -0.5, 0.5)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 3800, -100, -30)]
    [InlineData(TelephoneChannel.PlainHalfTaps, 6000, -100, -50)]
    [InlineData(TelephoneChannel.SteepHalfTaps, 60, -100, -40)]
    [InlineData(TelephoneChannel.SteepHalfTaps, 150, -100, -35)]
    [InlineData(TelephoneChannel.SteepHalfTaps, 500, -0.5, 0.5)]
    [InlineData(TelephoneChannel.SteepHalfTaps, 3000, -0.5, 0.5)]
    [InlineData(TelephoneChannel.SteepHalfTaps, 3800, -100, -30)]
    public void A_telephone_passes_its_band_in_time_and_nothing_else(int halfTaps, double frequency, double least, double most)
    {
        float[] tone = [.. Enumerable.Range(0, 16000).Select(i => 0.25f * (float)Math.Sin(2 * Math.PI * frequency * i / 16000))];
        float[] heard = TelephoneChannel.Apply(tone, halfTaps);

        // Against the tone itself: a delay would cost level.
        double correlation = 0;
        for (int i = 2000; i < 14000; i++)
        {
            correlation += tone[i] * (double)heard[i];
        }

        double gain = 20 * Math.Log10(Math.Max(correlation / (12000 * 0.25 * 0.25 / 2), 1e-5));
        Assert.Equal(tone.Length, heard.Length);
        Assert.InRange(gain, least, most);
    }

    [Fact]
    public void Random_numbers_are_spread_as_they_should_be_and_belong_to_their_conversation()
    {
        var random = new SimulationRandom(7, 1);
        double[] uniform = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble())];
        double[] normal = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextNormal())];

        Assert.All(uniform, value => Assert.InRange(value, 0, 1 - 1e-16));
        Assert.Equal(0.5, uniform.Average(), 0.01);
        Assert.Equal(1 / 12.0, uniform.Average(value => Math.Pow(value - 0.5, 2)), 0.002);
        Assert.Equal(0, normal.Average(), 0.03);
        Assert.Equal(1, normal.Average(value => value * value), 0.04);
        Assert.Equal(uniform[0], new SimulationRandom(7, 1).NextDouble());
        Assert.NotEqual(uniform[0], new SimulationRandom(7, 2).NextDouble());
        Assert.NotEqual(uniform[0], new SimulationRandom(8, 1).NextDouble());
    }

    [Fact]
    public void Speech_is_found_between_silences()
    {
        var samples = new float[5 * 16000];
        var random = new Random(1);
        void Burst(double from, double to)
        {
            for (int i = (int)(from * 16000); i < (int)(to * 16000); i++)
            {
                samples[i] = (random.NextSingle() - 0.5f) * 0.5f;
            }
        }

        Burst(0.5, 1.2);
        Burst(1.3, 2.0);
        Burst(3.0, 4.25);
        Burst(4.8, 4.82);

        Assert.Equal([new TimeRange(0.5, 2.0), new TimeRange(3.0, 4.25)], EnergySpeech.Find(samples));
        Assert.Empty(EnergySpeech.Find(new float[16000]));
        Assert.Empty(EnergySpeech.Find([]));
    }

    [Theory]
    [InlineData("3", 3, 3)]
    [InlineData("2-5", 2, 5)]
    [InlineData("0.5-1.25", 0.5, 1.25)]
    [InlineData("-5", -5, -5)]
    [InlineData("-10--5", -10, -5)]
    public void Ranges_are_read(string text, double min, double max)
    {
        Assert.True(ValueRange.TryParse(text, out ValueRange range));
        Assert.Equal(new ValueRange(min, max), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5-2")]
    [InlineData("2-")]
    [InlineData("two")]
    [InlineData("NaN")]
    [InlineData("1-Infinity")]
    public void What_is_no_range_is_refused(string text) => Assert.False(ValueRange.TryParse(text, out _));
}
