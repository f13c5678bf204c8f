using System.Diagnostics;
using System.Globalization;
using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>
/// Damaged recordings end in samples or in the documented error, within bounds of time and memory.
/// DIARIST_FUZZ_SECONDS makes it run longer than the few inputs of the suite.
/// </summary>
public sealed class CompressedAudioFuzzTests
{
    // A minute of sound in whatever form; a longer one is only a larger sum of the same.
    private const int MaxFrames = 60 * 48_000;

    [Theory]
    [InlineData("lame --quiet -V 5 {in} {out}", 11)]
    [InlineData("oggenc -Q -q 1 -o {out} {in}", 12)]
    [InlineData("opusenc --quiet --bitrate 24 {in} {out}", 13)]
    [InlineData("ffmpeg -v error -i {in} -c:a libopus -b:a 24k -f webm {out}", 14)]
    [InlineData("ffmpeg -v error -i {in} -c:a libvorbis -live 1 -f webm {out}", 15)]
    public void Damage_ends_in_samples_or_in_the_documented_error(string command, int seed)
    {
        using var folder = new TemporaryFolder();
        Tool.Run("sox", "-D", Shared.InRepository("samples/conversation.flac"), "-r", "16000", folder["a.wav"], "trim", "0", "1.5");
        string[] words = [.. command.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder["a"], StringComparison.Ordinal))];
        Tool.Run(words[0], words[1..]);
        byte[] good = File.ReadAllBytes(folder["a"]);
        double seconds = double.Parse(Environment.GetEnvironmentVariable("DIARIST_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        int inputs = 0;
        for (; inputs < 300 || clock.Elapsed.TotalSeconds < seconds; inputs++)
        {
            byte[] bytes = Damage(good, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var one = Stopwatch.StartNew();
            try
            {
                Drain(bytes);
            }
            catch (AudioFormatException)
            {
                // The documented answer.
            }
            catch (Exception error)
            {
                Assert.Fail($"input {inputs} of seed {seed}: {error}");
            }

            Assert.True(one.Elapsed.TotalSeconds < 20, $"input {inputs} of seed {seed} took {one.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1L << 30, $"input {inputs} of seed {seed} took {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        }

        TestContext.Current.SendDiagnosticMessage($"{words[0]}: {inputs} inputs in {clock.Elapsed.TotalSeconds:0} s");
        Console.WriteLine($"{words[0]}: {inputs} inputs in {clock.Elapsed.TotalSeconds:0} s");
    }

    // Not through AudioReader: what is no longer of the format would start ffmpeg.
    private static void Drain(byte[] bytes)
    {
        var source = new ByteSource(new MemoryStream(bytes), "fuzz");
        using AudioStream? audio = Diarist.Audio.Containers.OggDecoder.TryOpen(source, out string codecs) is { } ogg ? ogg
            : codecs.Length == 0 && Diarist.Audio.Containers.MatroskaDecoder.TryOpen(source, null, out codecs) is { } matroska ? matroska
            : codecs.Length == 0 ? Diarist.Audio.Codecs.MpegDecoder.TryOpen(source) : null;
        if (audio is null)
        {
            return;
        }

        float[] block = new float[4096 * audio.Info.Channels];
        for (long total = 0; total < MaxFrames;)
        {
            int frames = audio.Read(block);
            if (frames == 0)
            {
                break;
            }

            Assert.True(block.AsSpan(0, frames * audio.Info.Channels).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0, "not finite");
            total += frames;
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (int i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(3) == 0 ? random.Next(Math.Min(bytes.Count, 4096)) : random.Next(bytes.Count), length = Math.Min(random.Next(1, 1 << random.Next(1, 11)), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                default:
                    for (int k = 0; k < length; k++)
                    {
                        bytes[at + k] = (byte)random.Next(256);
                    }

                    break;
            }
        }

        byte[] damaged = [.. bytes];
        if (random.Next(4) != 0)
        {
            SignPages(damaged);
        }

        return damaged;
    }

    // Otherwise the checksum would keep nearly all damage away from the decoders.
    private static void SignPages(byte[] bytes)
    {
        for (int at = 0; bytes.AsSpan(at).IndexOf("OggS"u8) is int found and >= 0; at += found + 4)
        {
            ReadOnlySpan<byte> page = bytes.AsSpan(at + found);
            if (page.Length < 27 || page.Length < 27 + page[26])
            {
                return;
            }

            int length = 27 + page[26];
            foreach (byte segment in page[27..length])
            {
                length += segment;
            }

            if (length <= page.Length)
            {
                OggPages.Sign(page[..length].ToArray()).CopyTo(bytes.AsSpan(at + found));
            }
        }
    }
}
