using System.Runtime.InteropServices;
using Diarist.Audio;
using Diarist.Audio.Containers;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>Matroska and WebM beside ffmpeg, and in forms that ffmpeg does not write but browsers and other tools do.</summary>
public sealed class MatroskaDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("48000 1", "libopus -b:a 16k", "a.webm", "WebM, Opus")]
    [InlineData("48000 2", "libopus -b:a 160k -frame_duration 60", "a.webm", "WebM, Opus")]
    [InlineData("16000 1", "libopus -b:a 24k -frame_duration 2.5", "a.mka", "Matroska, Opus")]
    [InlineData("44100 2", "libvorbis -q:a 4", "a.webm", "WebM, Vorbis")]
    [InlineData("8000 1", "libvorbis -q:a 2", "a.mka", "Matroska, Vorbis")]
    [InlineData("44100 2", "pcm_s16le", "a.mka", "Matroska, PCM of 16 bits")]
    [InlineData("22050 1", "pcm_s24le", "a.mka", "Matroska, PCM of 24 bits")]
    [InlineData("11025 1", "pcm_u8", "a.mka", "Matroska, PCM of 8 bits")]
    [InlineData("48000 2", "pcm_f32le", "a.mka", "Matroska, PCM of 32 bits")]
    public void What_ffmpeg_encodes_decodes_as_in_ffmpeg(string format, string codec, string name, string expected)
    {
        byte[] file = Encode(format, codec, name);

        float[] samples = Decoding.All(new Pipe(file), out AudioInfo info, out string[] warnings);

        AssertSame(DecodeWithFfmpeg(name), samples);
        Assert.Equal(expected, info.Format);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("a.webm")]
    [InlineData("a.mka")]
    [InlineData("a.webm -live 1")]
    [InlineData("a.webm -cluster_time_limit 500")]
    public void Opus_is_the_same_as_in_ogg(string form)
    {
        Encode("48000 1", "libopus -b:a 32k", "a.opus");
        string[] words = form.Split(' ');
        Tool.Run("ffmpeg", ["-v", "error", "-i", _folder["a.opus"], "-c:a", "copy", .. words[1..], _folder[words[0]]]);
        float[] expected = Decoding.All(_folder["a.opus"]);

        float[] samples = Decoding.All(_folder[words[0]]);

        Assert.Equal(expected, samples);
    }

    [Theory]
    [InlineData("48000 1", "libopus -b:a 32k")]
    [InlineData("44100 2", "libvorbis -q:a 2")]
    public void A_live_recording_has_no_sizes_and_no_duration(string format, string codec)
    {
        float[] expected = Decoding.All(Encode(format, codec, "a.webm"));

        float[] samples = Decoding.All(new Pipe(Encode(format, codec + " -live 1 -f webm", "live")), out _, out string[] warnings);

        Assert.Equal(expected, samples);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(0, 1, true)]
    [InlineData(1, 5, false)]
    [InlineData(3, 8, true)]
    [InlineData(3, 100, false)]
    [InlineData(2, 1, false)]
    public void Lacing_and_groups_change_nothing(int lacing, int perBlock, bool inGroups)
    {
        MatroskaBytes bytes = MatroskaBytes.Read(Encode("48000 1", "libopus -b:a 96k", "a.webm"));

        float[] samples = Decoding.All(bytes.Write((MatroskaLacing.Kind)lacing, perBlock, inGroups: inGroups), out _, out string[] warnings);

        Assert.Equal(Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1)), samples);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Packets_of_one_length_share_blocks_without_lengths()
    {
        MatroskaBytes bytes = MatroskaBytes.Read(Encode("16000 1", "pcm_s16le", "a.mka"));
        int length = bytes.Packets[0].Packet.Length, equal = bytes.Packets.TakeWhile(packet => packet.Packet.Length == length).Count();
        Assert.True(equal > 8);

        float[] samples = Decoding.All(bytes.Write(MatroskaLacing.Kind.Fixed, 4), out _, out _);

        Assert.Equal(Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1))[..((equal / 4) * 4 * length / 2)], samples[..((equal / 4) * 4 * length / 2)]);
    }

    [Theory]
    [InlineData("libopus -b:a 32k", 1500)]
    [InlineData("libopus -b:a 32k", 40_000)]
    [InlineData("libvorbis -q:a 2", 2000)]
    public void What_the_time_stamps_leave_out_is_silent(string codec, int pause)
    {
        MatroskaBytes bytes = MatroskaBytes.Read(Encode("48000 1", codec, "a.webm"));
        File.WriteAllBytes(_folder["gap.webm"], bytes.Write(MatroskaLacing.Kind.None, 1, time => time < 2000 ? time : time + pause));
        float[] whole = Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1));

        float[] samples = Decoding.All(File.ReadAllBytes(_folder["gap.webm"]), out _, out string[] warnings);

        Assert.InRange(samples.Length - whole.Length - (48 * pause), -480, 480);
        Assert.All(samples[((2 * 48_000) + 2000)..((2 * 48_000) + (48 * pause) - 2000)], sample => Assert.Equal(0, sample));
        int tail = 3 * 48_000;
        Assert.True(CompressedAudioTests.Correlation(whole.AsSpan(whole.Length - tail), samples.AsSpan(samples.Length - tail)) > 0.999);
        Assert.Matches(@"sound is missing in 1 place, first at (1\.9|2\.0)", Assert.Single(warnings));

        // ffmpeg's own reckoning of the same file; it rounds times to its container's milliseconds.
        float[] other = DecodeWithFfmpeg("gap.webm", "-af", "aresample=async=1:first_pts=0");
        Assert.InRange(samples.Length - other.Length, -400, 400);
    }

    [Fact]
    public void Time_stamps_that_waver_are_no_gaps()
    {
        MatroskaBytes bytes = MatroskaBytes.Read(Encode("48000 1", "libopus -b:a 32k", "a.webm"));
        var random = new Random(1);

        float[] samples = Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1, time => time + (time == 0 ? 0 : random.Next(80))), out _, out string[] warnings);

        Assert.Equal(Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1)), samples);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Sound_that_overlaps_is_cut_with_a_warning()
    {
        MatroskaBytes bytes = MatroskaBytes.Read(Encode("48000 1", "libopus -b:a 32k", "a.webm"));
        int whole = Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1)).Length;

        float[] samples = Decoding.All(bytes.Write(MatroskaLacing.Kind.None, 1, time => time < 3000 ? time : time - 1000), out _, out string[] warnings);

        Assert.InRange(whole - samples.Length, 47_900, 48_100);
        Assert.Contains("time stamps go back in 1 place", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libopus", 5)]
    [InlineData("libvorbis", 0.05)]
    public void A_track_that_starts_late_keeps_its_times(string codec, double late)
    {
        CompressedAudioTests.MakeSpeech(_folder, "48000 1");
        string offset = late.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-itsoffset", offset, "-i", _folder["a.wav"], "-map", "0:v", "-map", "1:a", "-c:v", "libvpx", "-c:a", codec, _folder["late.webm"]);

        float[] samples = Decoding.All(new Pipe(File.ReadAllBytes(_folder["late.webm"])), out AudioInfo info, out _);

        Assert.StartsWith("WebM, ", info.Format, StringComparison.Ordinal);
        float[] expected = DecodeWithFfmpeg("late.webm", "-map", "0:a", "-af", "aresample=async=1:first_pts=0");
        Assert.InRange(samples.Length - expected.Length, -48, 48);
        int at = (int)((late + 1) * 48_000);
        Assert.True(Enumerable.Range(-48, 97).Max(lag => CompressedAudioTests.Correlation(samples.AsSpan(at + lag, 48_000), expected.AsSpan(at, 48_000))) > 0.99);
        int silent = (int)((late - 0.01) * 48_000);
        Assert.All(samples[..silent], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Of_several_tracks_the_default_one_is_taken_and_the_others_are_named()
    {
        Tool.Run(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1:r=48000", "-f", "lavfi", "-i", "sine=d=2:r=48000", "-f", "lavfi", "-i", "sine=d=3:r=48000", "-map", "0", "-map", "1", "-map", "2",
            "-c:a", "libopus", "-c:a:2", "aac", "-metadata:s:a:1", "language=deu", "-metadata:s:a:2", "title=Interpreter", "-disposition:a:0", "0", "-disposition:a:1", "default", _folder["three.mka"]);

        Assert.Equal(("Matroska, Opus", 2, 2), Read(null, out string warning));
        Assert.Contains("holds 3 audio tracks; track 2 (deu) was used and not 1", warning, StringComparison.Ordinal);
        Assert.Equal(("Matroska, Opus", 1, 1), Read(1, out warning));
        Assert.Empty(warning);
        Assert.Equal(("through ffmpeg", 3, 3), Read(3, out _));
        Assert.Contains("no audio track 4; it holds 3", Assert.Throws<AudioFormatException>(() => Read(4, out _)).Message, StringComparison.Ordinal);

        (string Format, int Track, int Seconds) Read(int? track, out string warnings)
        {
            using AudioStream audio = AudioReader.Open(_folder["three.mka"], new AudioReadOptions { Track = track });
            int seconds = (int)Math.Round(Decoding.Drain(audio).Length / (double)(audio.Info.SampleRate * audio.Info.Channels));
            warnings = string.Join('\n', audio.Warnings);
            return (audio.Info.Format, audio.Info.Track, seconds);
        }
    }

    [Theory]
    [InlineData("aac", "it is Matroska with AAC")]
    [InlineData("flac", "it is Matroska with FLAC")]
    [InlineData("libmp3lame", "it is Matroska with MP3")]
    [InlineData("pcm_s16be", "it is Matroska with PCM of 16 bits")]
    public void What_is_not_decoded_here_is_named(string codec, string expected)
    {
        using var source = new ByteSource(new MemoryStream(Encode("48000 1", codec, "a.mka")), "talk.mka");

        Assert.Null(MatroskaDecoder.TryOpen(source, null, out string whatItIs));

        Assert.Equal(expected, whatItIs);
        Assert.Equal(0, source.Position);
    }

    [Fact]
    public void Pictures_alone_are_refused()
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=1", "-c:v", "libvpx", _folder["a.webm"]);

        Assert.Contains("holds no audio (WebM)", Decoding.Error(File.ReadAllBytes(_folder["a.webm"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_one_behind_the_other_follow_each_other()
    {
        byte[] file = Encode("48000 1", "libopus -b:a 32k", "a.webm"), live = Encode("48000 1", "libopus -b:a 32k -live 1 -f webm", "live");
        float[] once = Decoding.All(file);

        Assert.Equal([.. once, .. once], Decoding.All([.. file, .. file]));
        Assert.Equal([.. once, .. once], Decoding.All([.. live, .. live]));
        Assert.Contains("recording of other tracks", Decoding.Error([.. file, .. Encode("48000 1", "aac", "a.mka")]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_file_is_used_as_far_as_it_goes_and_says_so()
    {
        byte[] file = Encode("48000 1", "libopus -b:a 32k", "a.webm");
        float[] whole = Decoding.All(file);

        float[] samples = Decoding.All(file[..(file.Length / 2)], out _, out string[] warnings);

        Assert.InRange(samples.Length, whole.Length * 0.4, whole.Length * 0.6);
        Assert.Equal(whole[..samples.Length], samples);
        Assert.Contains("the file is cut", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("before its sound begins", Decoding.Error(file[..100]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_between_two_clusters_is_cut_as_well()
    {
        byte[] file = Encode("48000 1", "libopus -b:a 32k -cluster_time_limit 500", "a.webm");

        Decoding.All(file[..file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x1F, 0x43, 0xB6, 0x75])], out _, out string[] warnings);

        Assert.Contains("the file is cut", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_passed_over_to_the_next_cluster_and_times_stay_right()
    {
        byte[] file = MatroskaBytes.Read(Encode("48000 1", "libopus -b:a 32k", "a.webm")).Write(MatroskaLacing.Kind.None, 1);
        float[] whole = Decoding.All(file);
        new Random(3).NextBytes(file.AsSpan(file.Length / 2, 600));

        float[] samples = Decoding.All(file, out _, out string[] warnings);

        Assert.Equal(whole.Length, samples.Length, 48.0);
        Assert.True(CompressedAudioTests.Correlation(whole.AsSpan(whole.Length - 48_000), samples.AsSpan(samples.Length - 48_000)) > 0.99);
        Assert.Contains(warnings, warning => warning.Contains("are damaged and were skipped", StringComparison.Ordinal));
    }

    private static void AssertSame(float[] expected, float[] samples)
    {
        Assert.Equal(expected.Length, samples.Length);
        Assert.True(CompressedAudioTests.Correlation(expected, samples) >= 0.9999, $"correlation {CompressedAudioTests.Correlation(expected, samples)}");
    }

    private byte[] Encode(string format, string codec, string name)
    {
        CompressedAudioTests.MakeSpeech(_folder, format);
        Tool.Run("ffmpeg", ["-v", "error", "-y", "-i", _folder["a.wav"], "-c:a", .. codec.Split(' '), _folder[name]]);
        return File.ReadAllBytes(_folder[name]);
    }

    // ffmpeg's own decoder of Opus is another one than opusdec's.
    private float[] DecodeWithFfmpeg(string name, params string[] options) =>
        MemoryMarshal.Cast<byte, float>(Tool.Run("ffmpeg", ["-v", "error", .. IsOpus(name) ? ["-c:a", "libopus"] : (string[])[], "-i", _folder[name], .. options, "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"])).ToArray();

    private bool IsOpus(string name) => File.ReadAllBytes(_folder[name]).AsSpan().IndexOf("A_OPUS"u8) >= 0;
}
