using Diarist.Audio;
using Diarist.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Audio;

public sealed class AudioWriterTests
{
    [Theory]
    [InlineData("a.wav", 1)]
    [InlineData("a.wav", 2)]
    [InlineData("a.flac", 1)]
    [InlineData("a.flac", 2)]
    public void Everything_written_comes_back(string name, int channels)
    {
        using var folder = new TemporaryFolder();
        Gen<short[]> samples = Gen.Choose(0, 3).SelectMany(kind => Gen.Choose(1, 9000).SelectMany(frames => Gen.Choose(0, int.MaxValue).Select(seed => Signal(kind, frames * channels, new Random(seed)))));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60),
            Prop.ForAll(samples.ToArbitrary(), written =>
            {
                Write(folder[name], written, channels, 11025);
                float[] read = Decoding.All(File.ReadAllBytes(folder[name]), out AudioInfo info, out string[] warnings);

                // White noise of full scale is what compressed data look like; it is read all the same.
                return Array.TrueForAll(warnings, warning => warning.Contains("noise of all values", StringComparison.Ordinal)) && (info.SampleRate, info.Channels, info.Frames) == (11025, channels, written.Length / channels)
                    && read.Select(sample => (short)(sample * 32768)).SequenceEqual(written);
            }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Flac_itself_accepts_what_is_written(int channels)
    {
        using var folder = new TemporaryFolder();
        for (int kind = 0; kind < 4; kind++)
        {
            short[] samples = Signal(kind, 50_001 * channels, new Random(kind));
            Write(folder["a.flac"], samples, channels, 16000);
            Tool.Run("flac", "-t", "-s", "-w", folder["a.flac"]);
            byte[] raw = Tool.Run("flac", "-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", folder["a.flac"]);
            Assert.Equal(samples.SelectMany(BitConverter.GetBytes), raw);
        }
    }

    [Fact]
    public void Speech_takes_hardly_more_room_than_flac_needs()
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(Shared.Repository, "samples", "conversation.flac");
        float[] samples = AudioReader.ReadMono(source);
        using (AudioWriter writer = AudioWriter.Create(folder["ours.flac"], 16000))
        {
            writer.Write(samples);
            writer.Complete();
        }

        Tool.Run("flac", "-s", "-8", folder["ours.flac"], "-f", "-o", folder["theirs.flac"]);
        double ratio = new FileInfo(folder["ours.flac"]).Length / (double)new FileInfo(folder["theirs.flac"]).Length;
        TestContext.Current.TestOutputHelper!.WriteLine($"size relative to flac -8: {ratio:0.000}");
        Assert.InRange(ratio, 0.9, 1.03);
        Assert.Equal(samples, AudioReader.ReadMono(folder["ours.flac"]));
    }

    [Fact]
    public void Samples_are_rounded_and_clipped()
    {
        Assert.Equal([0, 1, -1, 32767, -32768, 32767, -32768], new[] { 0.4f / 32768, 0.6f / 32768, -0.6f / 32768, 1f, -1f, 7f, -7f }.Select(AudioWriter.Quantize));
    }

    [Theory]
    [InlineData("a.wav")]
    [InlineData("a.flac")]
    public void An_unfinished_file_leaves_what_was_there(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], "before");
        using (AudioWriter writer = AudioWriter.Create(folder[name], 16000))
        {
            writer.Write(new float[100_000]);
        }

        Assert.Equal([folder[name]], Directory.GetFiles(folder["."]).Select(Path.GetFullPath));
        Assert.Equal("before", File.ReadAllText(folder[name]));
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("cannot be written", Assert.Throws<InputException>(() => AudioWriter.Create(folder["none/a.wav"], 16000)).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => AudioWriter.Create(folder["."], 16000)).Message, StringComparison.Ordinal);
    }

    private static void Write(string path, short[] samples, int channels, int rate)
    {
        using AudioWriter writer = AudioWriter.Create(path, rate, channels);
        for (int start = 0; start < samples.Length; start += 1234 * channels)
        {
            writer.Write(samples.AsSpan(start, Math.Min(1234 * channels, samples.Length - start)));
        }

        writer.Complete();
    }

    private static short[] Signal(int kind, int length, Random random) => [.. Enumerable.Range(0, length).Select(i => kind switch
    {
        0 => (short)random.Next(short.MinValue, short.MaxValue + 1),
        1 => (short)(20_000 * Math.Sin(i * 0.03)),
        2 => (short)(i / 5000 % 2 == 0 ? 0 : random.Next(-50, 50)),
        _ => i % 2 == 0 ? short.MaxValue : short.MinValue,
    })];
}
