using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>Opus in WebM and Matroska: the packets of ffmpeg's muxer decode to the same samples as in Ogg, at the container's times.</summary>
public sealed class MatroskaDecoderTests
{
    [Theory]
    [InlineData("a.webm")]
    [InlineData("a.mka")]
    [InlineData("a.webm -live 1")]
    [InlineData("a.webm -cluster_time_limit 500")]
    [InlineData("- -f webm")]
    public void Opus_is_the_same_as_in_ogg(string form)
    {
        using var folder = new TemporaryFolder();
        float[] expected = MakeOgg(folder);
        string[] words = form.Split(' ');
        byte[] bytes = Remux(folder, words[0], words[1..]);

        float[] samples = Decoding.All(new Pipe(bytes), out AudioInfo info, out string[] warnings);

        Assert.Equal("Matroska, Opus", info.Format);
        Assert.Empty(warnings);
        Assert.InRange(samples.Length, expected.Length - 1, expected.Length + 1);
        Assert.True(CompressedAudioTests.Correlation(expected, samples) >= 0.9999);
    }

    [Fact]
    public void A_late_start_beside_video_is_silence()
    {
        using var folder = new TemporaryFolder();
        float[] expected = MakeOgg(folder);
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-itsoffset", "2", "-i", folder["a.opus"], "-map", "0:v", "-map", "1:a", "-c:v", "libvpx", "-c:a", "copy", folder["v.webm"]);

        float[] samples = Decoding.All(folder["v.webm"]);

        int late = samples.AsSpan().IndexOfAnyExcept(0f);
        Assert.InRange(late, 95_000, 97_500);
        int start = Enumerable.Range(95_500, 1000).MaxBy(at => CompressedAudioTests.Correlation(expected.AsSpan(0, 96_000), samples.AsSpan(at)));
        Assert.InRange(start, 96_000 - 400, 96_000 + 400);
        Assert.True(CompressedAudioTests.Correlation(expected, samples.AsSpan(start)) >= 0.9999);
    }

    [Fact]
    public void Cut_files_are_used_as_far_as_they_go_and_damaged_ones_are_refused_with_the_place()
    {
        using var folder = new TemporaryFolder();
        MakeOgg(folder);
        byte[] bytes = Remux(folder, "a.webm");

        float[] half = Decoding.All(bytes[..(bytes.Length / 2)], out _, out string[] warnings);
        Assert.InRange(half.Length, 48_000, 5 * 48_000);
        Assert.Contains("the file is cut at byte", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("before its sound begins", Decoding.Error(bytes[..100]), StringComparison.Ordinal);

        byte[] damaged = [.. bytes];
        damaged.AsSpan(bytes.Length / 2, 2000).Clear();
        Assert.Contains("is damaged at byte", Decoding.Error(damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_between_two_clusters_is_said_to_be_cut()
    {
        using var folder = new TemporaryFolder();
        MakeOgg(folder);
        byte[] bytes = Remux(folder, "a.webm", "-cluster_time_limit", "500");

        Decoding.All(bytes[..bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x1F, 0x43, 0xB6, 0x75])], out _, out string[] warnings);

        Assert.Contains("the file is cut at byte", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static float[] MakeOgg(TemporaryFolder folder)
    {
        CompressedAudioTests.MakeSpeech(folder, "48000 1");
        Tool.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], "-c:a", "libopus", "-b:a", "32k", folder["a.opus"]);
        return Decoding.All(folder["a.opus"]);
    }

    private static byte[] Remux(TemporaryFolder folder, string name, params string[] options)
    {
        string target = name == "-" ? "pipe:1" : folder[name];
        byte[] output = Tool.Run("ffmpeg", ["-v", "error", "-i", folder["a.opus"], "-c:a", "copy", .. options, target]);
        return name == "-" ? output : File.ReadAllBytes(target);
    }
}
