using Diarist.Audio;

namespace Diarist.Tests.Audio;

public sealed class MonoStreamTests
{
    [Fact]
    public void Mono_at_16_kHz_passes_bit_for_bit()
    {
        short[] samples = [.. Enumerable.Range(0, 70_001).Select(i => (short)(i * 7919))];

        Assert.Equal(samples.Select(sample => sample / 32768f), Mono(WavBytes.Mono16(samples)));
    }

    [Fact]
    public void Channels_are_averaged_or_chosen()
    {
        byte[] file = WavBytes.Plain(3, 3, 16000, 32, new float[] { 0.3f, 0.6f, 0.9f, -1, 0, 1 }.SelectMany(BitConverter.GetBytes).ToArray());

        Assert.Equal([(0.3f + 0.6f + 0.9f) / 3, 0], Mono(file));
        Assert.Equal([0.9f, 1], Mono(file, channel: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mono(file, channel: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Mono(file, channel: -1));
    }

    [Theory]
    [InlineData(1, 192_000, 1)]
    [InlineData(1, 16_000, 1)]
    [InlineData(1, 8_000, 2)]
    [InlineData(12, 192_000, 1)]
    [InlineData(13, 192_000, 2)]
    [InlineData(441, 44_100, 160)]
    public void A_few_samples_are_enough(int frames, int rate, int expected)
    {
        byte[] file = WavBytes.Plain(1, 8, rate, 16, new byte[frames * 8 * 2]);

        Assert.Equal(new float[expected], Mono(file));
    }

    [Fact]
    public void Pieces_of_any_size_make_the_same_whole()
    {
        var random = new Random(1);
        byte[] data = new byte[2 * 30_000];
        random.NextBytes(data);
        byte[] file = WavBytes.Plain(1, 2, 44_100, 16, data);
        float[] whole = Mono(file);

        using var mono = new MonoStream(AudioReader.Open(new MemoryStream(file), "pieces"));
        var pieces = new List<float>();
        while (true)
        {
            var piece = new float[random.Next(1, 700)];
            int read = mono.Read(piece);
            pieces.AddRange(piece[..read]);
            if (read < piece.Length)
            {
                break;
            }
        }

        Assert.Equal(mono.Length, whole.Length);
        Assert.Equal(whole, pieces);
    }

    private static float[] Mono(byte[] file, int? channel = null)
    {
        using var mono = new MonoStream(AudioReader.Open(new MemoryStream(file), "test.wav"), channel);
        return mono.ReadToEnd();
    }
}
