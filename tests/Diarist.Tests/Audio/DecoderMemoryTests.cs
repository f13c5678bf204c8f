using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>What decoders hold: docs/audio.md states it. Nothing runs beside these tests, because the memory is that of the process.</summary>
[Collection(nameof(FortyRecordingsTests))]
public sealed class DecoderMemoryTests
{
    [Theory]
    [InlineData("a.mp3", "lame --quiet -b 128 {in} {out}", 512)]
    [InlineData("a.mp2", "ffmpeg -v error -i {in} -c:a mp2 {out}", 512)]
    [InlineData("a.ogg", "oggenc -Q -q 4 -o {out} {in}", 4096)]
    [InlineData("a.opus", "opusenc --quiet --bitrate 96 {in} {out}", 512)]
    [InlineData("a.webm", "ffmpeg -v error -i {in} -c:a libopus -b:a 96k {out}", 512)]
    [InlineData("a.flac", "ffmpeg -v error -i {in} {out}", 512)]
    [InlineData("a.wav", "", 512)]
    public void A_decoder_holds_no_more_than_is_documented(string name, string command, int maxKibibytes)
    {
        using var folder = new TemporaryFolder();
        CompressedAudioTests.MakeSpeech(folder, "44100 2");
        if (command.Length > 0)
        {
            string[] words = [.. command.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder[name], StringComparison.Ordinal))];
            Tool.Run(words[0], words[1..]);
        }

        // Once before, for the tables that all decoders share.
        Decoding.All(folder[name]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using AudioStream audio = AudioReader.Open(folder[name]);
        float[] block = new float[4096 * audio.Info.Channels];
        long most = 0;
        for (int count = 0; audio.Read(block) > 0; count++)
        {
            most = count % 16 == 15 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before) : most;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {most / 1024} KiB");
        Assert.InRange(most, 1, maxKibibytes * 1024L);
    }
}
