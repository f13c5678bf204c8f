using Diarist.Audio;
using Diarist.Audio.Ffmpeg;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>What is not decoded here is named by container and codec, so that people know what to convert.</summary>
public sealed class ForeignFormatTests
{
    [Theory]
    [InlineData("a.m4a", "aac", "it is MP4 (M4A) with AAC")]
    [InlineData("a.m4a", "alac", "it is MP4 (M4A) with ALAC")]
    [InlineData("a.mp4", "aac -movflags faststart", "it is MP4 with AAC")]
    [InlineData("a.mov", "pcm_s16le", "it is QuickTime with PCM")]
    [InlineData("a.aac", "aac", "it is ADTS with AAC")]
    [InlineData("a.wma", "wmav2", "it is ASF with WMA")]
    [InlineData("a.aiff", "pcm_s16be", "it is AIFF with PCM")]
    [InlineData("b.aiff", "pcm_mulaw", "it is AIFF-C with µ-law")]
    [InlineData("a.caf", "alac", "it is CAF with ALAC")]
    [InlineData("a.au", "pcm_s16be", "it is AU, Sun's and NeXT's container")]
    [InlineData("a.avi", "mp3", "it is AVI, a video")]
    [InlineData("a.ts", "aac", "it is an MPEG transport stream")]
    [InlineData("a.ac3", "ac3", "it is AC-3 without a container")]
    [InlineData("a.wv", "wavpack", "it is WavPack")]
    [InlineData("a.mka", "aac", "it is Matroska with AAC")]
    [InlineData("a.oga", "flac", "it is Ogg with FLAC")]
    public void A_container_and_its_codec_are_named(string name, string codec, string expected)
    {
        using var folder = new TemporaryFolder();
        Tool.Run("sox", "-n", "-r", "44100", "-c", "1", "-b", "16", folder["a.wav"], "synth", "1", "sine", "440", "vol", "0.5");
        Tool.Run("ffmpeg", ["-v", "error", "-i", folder["a.wav"], "-c:a", .. codec.Split(' '), folder[name]]);

        using var source = new ByteSource(File.OpenRead(folder[name]), name);

        string whatItIs = "";
        _ = Diarist.Audio.Containers.OggDecoder.TryOpen(source, out whatItIs) is null && whatItIs.Length == 0 && Diarist.Audio.Containers.MatroskaDecoder.TryOpen(source, null, out whatItIs) is null;
        Assert.Equal(expected, whatItIs.Length > 0 ? whatItIs : ForeignFormat.Describe(source, folder[name]));
        Assert.Equal(0, source.Position);
    }

    [Fact]
    public void Amr_is_named_and_without_ffmpeg_refused_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.amr"], [.. "#!AMR\n"u8, .. new byte[100]]);
        using var source = new ByteSource(File.OpenRead(folder["a.amr"]), "a.amr");
        var input = new FfmpegInput("a.amr", folder["a.amr"], ForeignFormat.Describe(source, null)) { Decoder = "no-such-program", Prober = "no-such-program" };

        string error = Assert.Throws<AudioFormatException>(() => FfmpegDecoder.Open(input)).Message;

        Assert.Equal("a.amr: has a format that is not decoded here (it is AMR in its own container); install ffmpeg, which decodes other formats, or convert it", error);
    }
}
