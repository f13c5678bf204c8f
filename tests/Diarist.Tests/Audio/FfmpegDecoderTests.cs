using System.Diagnostics;
using System.Globalization;
using Diarist.Audio;
using Diarist.Audio.Ffmpeg;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

public sealed class FfmpegDecoderTests : IDisposable
{
    private static readonly string[] LongPieces = ["-af", "asetnsamples=48000"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("late.mp4", "aac")]
    [InlineData("late.mov", "pcm_s16le")]
    [InlineData("late.mpg", "mp2")]
    [InlineData("late.ts", "aac")]
    [InlineData("late.flv", "aac")]
    [InlineData("late.avi", "aac")]
    [InlineData("late.avi", "ac3")]
    [InlineData("late.avi", "libmp3lame")]
    [InlineData("late.avi", "pcm_s16le")]
    public void A_track_that_starts_late_keeps_its_times(string name, string codec)
    {
        Ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-itsoffset", "5", "-f", "lavfi", "-i", "sine=d=2:r=16000", "-map", "0:v", "-map", "1:a", "-c:v", name.EndsWith("mpg", StringComparison.Ordinal) ? "mpeg1video" : name.EndsWith("flv", StringComparison.Ordinal) ? "flv" : "mpeg4", "-c:a", codec, "-ar", "44100", _folder[name]);

        Assert.InRange(Onset(File.OpenRead(_folder[name])), 4.9, 5.1);
        Assert.InRange(Onset(new Pipe(File.ReadAllBytes(_folder[name]))), 4.9, 5.1);
        using AudioStream audio = AudioReader.Open(_folder[name]);
        Assert.InRange(FirstSound(Decoding.Drain(audio), audio.Info), 4.9, 5.1);
    }

    [Theory]
    [InlineData("aac", false)]
    [InlineData("libmp3lame", false)]
    [InlineData("pcm_s16le", false)]
    [InlineData("pcm_s16le", true)]
    public void Sound_of_an_avi_neither_drifts_nor_moves_where_it_starts_with_the_pictures(string codec, bool longPieces)
    {
        // Noise makes packets of varying sizes, whose times ffmpeg does not know.
        Ffmpeg(["-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-f", "lavfi", "-i", "anoisesrc=d=8:r=48000:a=0.3", "-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", codec, "-q:a", "1", .. longPieces ? LongPieces : [], _folder["a.avi"]]);

        using AudioStream audio = AudioReader.Open(_folder["a.avi"]);

        float[] samples = Decoding.Drain(audio);
        Assert.InRange(samples.Length / (double)audio.Info.SampleRate / audio.Info.Channels, 7.95, 8.15);
        Assert.InRange(FirstSound(samples, audio.Info), 0, 0.1);
        Assert.Empty(audio.Warnings);
    }

    [Fact]
    public void An_MP4_that_is_cut_behind_its_index_says_how_much_is_missing()
    {
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=20:r=44100:a=0.3", "-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", _folder["a.m4a"]);
        File.WriteAllBytes(_folder["cut.m4a"], File.ReadAllBytes(_folder["a.m4a"])[..^80_000]);
        Ffmpeg("-ss", "5", "-i", _folder["a.m4a"], "-c", "copy", _folder["edited.m4a"]);

        foreach (string name in (string[])["a.m4a", "edited.m4a"])
        {
            using AudioStream whole = AudioReader.Open(_folder[name]);
            Decoding.Drain(whole);
            Assert.Empty(whole.Warnings);
        }

        using AudioStream cut = AudioReader.Open(_folder["cut.m4a"]);
        Decoding.Drain(cut);
        Assert.Matches("the file is cut or damaged: its index promises 20\\.[0-9]+ s, [0-9]+\\.[0-9]+ s are there and were used$", cut.Warnings[0]);
    }

    [Fact]
    public void The_start_that_an_avi_states_counts()
    {
        Ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-f", "lavfi", "-i", "sine=d=2:r=16000", "-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "pcm_s16le", _folder["a.avi"]);
        byte[] file = File.ReadAllBytes(_folder["a.avi"]);
        int header = file.AsSpan().IndexOf("auds"u8);
        Assert.Equal(16000u, BitConverter.ToUInt32(file, header + 24));
        BitConverter.TryWriteBytes(file.AsSpan(header + 28), 48000u);
        File.WriteAllBytes(_folder["a.avi"], file);

        using AudioStream audio = AudioReader.Open(_folder["a.avi"]);

        Assert.InRange(FirstSound(Decoding.Drain(audio), audio.Info), 2.95, 3.05);
    }

    [Theory]
    [InlineData("a.caf", "opus")]
    [InlineData("a.rm", "real_144")]
    public void Times_that_a_format_makes_up_cut_nothing(string name, string codec)
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=6:r=8000", "-ar", codec == "opus" ? "48000" : "8000", "-strict", "-2", "-c:a", codec, _folder[name]);

        using AudioStream audio = AudioReader.Open(_folder[name]);

        Assert.InRange(Decoding.Drain(audio).Length / (double)audio.Info.SampleRate / audio.Info.Channels, 5.9, 6.2);
        Assert.Empty(audio.Warnings);
    }

    [Theory]
    [InlineData("a.ogg", 6)]
    [InlineData("a.mka", 3)]
    public void Vorbis_with_silent_channels_is_not_silent(string name, int channels)
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=3:r=48000", "-af", string.Create(CultureInfo.InvariantCulture, $"pan={channels}c|c2=c0"), "-c:a", "libvorbis", _folder[name]);

        using AudioStream audio = AudioReader.Open(_folder[name]);

        Assert.Equal(channels, audio.Info.Channels);
        Assert.InRange(Decoding.Drain(audio).Max(), 0.1f, 0.2f);
    }

    [Fact]
    public void A_gap_of_the_clock_is_silence()
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=4:r=16000", "-af", "aselect='lt(t,1)+gt(t,3)'", "-c:a", "aac", _folder["paused.mp4"]);

        float[] samples = Decoding.All(_folder["paused.mp4"]);

        Assert.InRange(samples.Length / 16000.0, 3.9, 4.2);
        Assert.All(samples[(int)(1.3 * 16000)..(int)(2.7 * 16000)], sample => Assert.InRange(sample, -0.01f, 0.01f));
    }

    [Fact]
    public void Damage_without_a_clock_says_from_where_on_times_may_be_shifted()
    {
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=20:r=16000:a=0.3", "-c:a", "aac", "-b:a", "64k", _folder["a.aac"]);
        byte[] bytes = File.ReadAllBytes(_folder["a.aac"]);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 3000));

        Decoding.All(new MemoryStream(bytes), out _, out string[] warnings);

        string warning = Assert.Single(warnings);
        Assert.Matches(@"so from about \d+ s on times may be shifted", warning);
    }

    [Fact]
    public void Of_several_tracks_the_default_one_is_taken_and_the_others_are_named()
    {
        Ffmpeg(
            "-f", "lavfi", "-i", "sine=d=1:r=16000", "-f", "lavfi", "-i", "sine=d=2:r=16000", "-f", "lavfi", "-i", "sine=d=3:r=16000", "-map", "0", "-map", "1", "-map", "2", "-c:a", "aac",
            "-metadata:s:a:1", "language=deu", "-metadata:s:a:2", "title=Interpreter", "-disposition:a:0", "0", "-disposition:a:1", "default", _folder["three.m4a"]);

        Assert.Equal((2, 2), Length(null, out string warning));
        Assert.Contains("holds 3 audio tracks; track 2 (deu) was used and not 1, 3", warning, StringComparison.Ordinal);
        Assert.Equal((1, 1), Length(1, out warning));
        Assert.Equal((3, 3), Length(3, out warning));
        Assert.Empty(warning);
        Assert.Contains("no audio track 4; it holds 3", Assert.Throws<AudioFormatException>(() => Length(4, out _)).Message, StringComparison.Ordinal);
        Assert.Throws<AudioFormatException>(() => AudioReader.Open(new MemoryStream(WavBytes.Mono16(1)), options: new AudioReadOptions { Track = 2 }));

        (int Track, double Seconds) Length(int? track, out string warnings)
        {
            using AudioStream audio = AudioReader.Open(_folder["three.m4a"], new AudioReadOptions { Track = track });
            int seconds = (int)Math.Round(Decoding.Drain(audio).Length / 16000.0);
            warnings = string.Join('\n', audio.Warnings);
            return (audio.Info.Track, seconds);
        }
    }

    [Theory]
    [InlineData("mulaw", "a.ul")]
    [InlineData("alaw", "a.al")]
    [InlineData("s16le", "a.sw")]
    [InlineData("s16le", "a.raw")]
    public void Headerless_files_are_refused_whatever_their_extension(string format, string name)
    {
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=1:r=8000", "-f", format, _folder[name]);

        Assert.Throws<AudioFormatException>(() => AudioReader.Open(_folder[name]));
        if (name != "a.raw")
        {
            Assert.True(Assert.Throws<AudioFormatException>(() => AudioReader.Open(_folder[name])).IsHeaderless);
        }
    }

    [Fact]
    public void The_temporary_copy_of_a_stream_goes_with_the_decoder()
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=20", "-c:a", "aac", _folder["a.m4a"]);
        string[] before = Copies();

        using (AudioStream audio = AudioReader.Open(new Pipe(File.ReadAllBytes(_folder["a.m4a"]))))
        {
            Assert.NotEqual(0, audio.Read(new float[100]));
        }

        Assert.Throws<AudioFormatException>(() => AudioReader.Open(new Pipe([1, 2, 3])));
        Assert.Empty(Copies().Except(before));
    }

    [Fact]
    public void A_recording_of_a_telephone_that_was_never_finished_is_told_from_other_damage()
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=4:r=16000", "-c:a", "aac", _folder["a.m4a"]);
        byte[] file = File.ReadAllBytes(_folder["a.m4a"]);
        File.WriteAllBytes(_folder["cut.m4a"], file[..(file.Length / 2)]);

        string message = Assert.Throws<AudioFormatException>(() => AudioReader.Open(_folder["cut.m4a"])).Message;

        Assert.Contains("is cut off, or its recording was never finished: it is MP4", message, StringComparison.Ordinal);
        Assert.DoesNotContain("0x", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_ffmpeg_cannot_decode_is_refused_with_its_reason()
    {
        Ffmpeg("-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", _folder["a.m4a"]);
        byte[] cut = File.ReadAllBytes(_folder["a.m4a"])[..4000];

        string error = Assert.Throws<AudioFormatException>(() => AudioReader.Open(new MemoryStream(cut), "upload")).Message;

        Assert.Contains("moov atom not found", error, StringComparison.Ordinal);
        Assert.DoesNotContain("diarist-tmp-", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_that_says_nothing_is_stopped_with_all_that_it_started()
    {
        string mark = Path.GetRandomFileName();
        FfmpegInput input = Script($"(exec -a '{mark}' sleep 300) & (exec -a '{mark}' sleep 300)");

        var watch = Stopwatch.StartNew();
        string error = Assert.Throws<AudioFormatException>(() => FfmpegDecoder.Open(input with { Patience = TimeSpan.FromSeconds(0.5) })).Message;

        Assert.Contains("delivered nothing for 0.5 s", error, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        AssertNoProcess(mark);
    }

    [Fact]
    public void An_orphan_that_holds_the_pipe_open_neither_blocks_nor_survives()
    {
        string mark = Path.GetRandomFileName();
        FfmpegInput input = Script($"(exec -a '{mark}' sleep 300) & exit 1");

        var watch = Stopwatch.StartNew();
        Assert.Throws<AudioFormatException>(() => FfmpegDecoder.Open(input));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        AssertNoProcess(mark);
    }

    [Fact]
    public void Messages_without_end_do_not_grow_in_memory()
    {
        FfmpegInput input = Script("head -c 50000000 /dev/zero | tr '\\0' x >&2; exit 1");

        string error = Assert.Throws<AudioFormatException>(() => FfmpegDecoder.Open(input)).Message;

        Assert.InRange(error.Length, 100, 20_000);
    }

    [Fact]
    public void More_sound_than_the_file_can_hold_is_refused()
    {
        FfmpegInput input = Script("printf 'RIFF\\377\\377\\377\\377WAVEfmt \\020\\0\\0\\0\\003\\0\\001\\0\\350\\003\\0\\0\\240\\017\\0\\0\\004\\0\\040\\0data\\377\\377\\377\\377'; exec cat /dev/zero");

        using FfmpegDecoder audio = FfmpegDecoder.Open(input);

        Assert.Contains("its size rules out", Assert.Throws<AudioFormatException>(() => Decoding.Drain(audio)).Message, StringComparison.Ordinal);
    }

    private static void Ffmpeg(params string[] arguments) => Tool.Run("ffmpeg", ["-v", "error", "-y", .. arguments]);

    private static string[] Copies() => [.. Directory.GetDirectories(Path.GetTempPath(), "diarist-tmp-*").Where(folder => File.Exists(Path.Combine(folder, "recording")))];

    private static double Onset(Stream stream)
    {
        float[] samples = Decoding.All(stream, out AudioInfo info, out _);
        return FirstSound(samples, info);
    }

    private static double FirstSound(float[] samples, AudioInfo info) => Array.FindIndex(samples, sample => Math.Abs(sample) > 0.05f) / (double)(info.SampleRate * info.Channels);

    private static void AssertNoProcess(string mark)
    {
        Thread.Sleep(100);
        foreach (string folder in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                Assert.DoesNotContain(mark + "\0300", File.ReadAllText(Path.Combine(folder, "cmdline")), StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
    }

    private FfmpegInput Script(string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/bin/bash"), "needs bash");
        string program = _folder["decoder"];
        File.WriteAllText(program, "#!/bin/bash\n" + body + "\n");
        Tool.Run("chmod", "700", program);
        File.WriteAllText(_folder["recording"], "something");
        return new FfmpegInput("recording", _folder["recording"], "it is something") { Decoder = program, Prober = "no-such-program" };
    }
}
