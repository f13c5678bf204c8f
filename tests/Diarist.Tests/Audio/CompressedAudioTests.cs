using System.Runtime.InteropServices;
using Diarist.Audio;
using Diarist.Audio.Codecs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>MP3, Vorbis and Opus beside the decoders of the encoders' own makers: the same samples at the same places.</summary>
public sealed class CompressedAudioTests
{
    private const double MinCorrelation = 0.9999;

    [Theory]
    [InlineData("8000 1", "lame --quiet -b 16")]
    [InlineData("8000 1", "lame --quiet -b 64")]
    [InlineData("8000 2", "lame --quiet -b 24 -m j")]
    [InlineData("12000 1", "lame --quiet -b 24")]
    [InlineData("16000 1", "lame --quiet -b 32")]
    [InlineData("24000 1", "lame --quiet -b 64")]
    [InlineData("11025 1", "lame --quiet -b 32")]
    [InlineData("44100 2", "lame --quiet -b 320")]
    [InlineData("44100 2", "lame --quiet -V 4")]
    [InlineData("44100 2", "lame --quiet -V 4 -t")]
    [InlineData("44100 2", "lame --quiet -b 128 -p")]
    [InlineData("48000 2", "lame --quiet -b 128 -m j")]
    [InlineData("22050 2", "lame --quiet --abr 96")]
    [InlineData("32000 2", "lame --quiet --nores -b 96")]
    public void Mp3_of_lame_decodes_as_in_ffmpeg(string format, string encoder) => AssertDecodes(format, encoder, "a.mp3", "MP3");

    // No encoder at hand writes them, but any joint stereo of MPEG 1 can be taken for it: where the second channel is silent its scale factors become directions.
    [Theory]
    [InlineData("44100 2", "-b 128 -m j", 1)]
    [InlineData("48000 2", "-b 128 -m j", 3)]
    public void Bands_with_one_sound_for_both_channels_decode_as_in_ffmpeg(string format, string options, int extension)
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, format);
        Tool.Run("lame", ["--quiet", "--nores", "-t", .. options.Split(' '), folder["a.wav"], folder["a.mp3"]]);
        byte[] bytes = File.ReadAllBytes(folder["a.mp3"]);
        int frames = 0;
        for (int at = 0; at + 4 < bytes.Length && MpegHeader.TryRead(bytes.AsSpan(at), out MpegHeader header); at += header.FrameBytes, frames++)
        {
            bytes[at + 3] = (byte)((bytes[at + 3] & 0x0F) | 0x40 | extension << 4);
        }

        Assert.True(frames > 200, $"{frames} frames");
        File.WriteAllBytes(folder["b.mp3"], bytes);
        byte[] raw = Tool.Run("ffmpeg", "-v", "error", "-i", folder["b.mp3"], "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1");

        AssertSame(MemoryMarshal.Cast<byte, float>(raw), Decoding.All(bytes));
    }

    [Theory]
    [InlineData("48000 2", "libmp3lame", "a.mp3", "MP3")]
    [InlineData("48000 2", "mp2", "a.mp2", "MPEG audio layer II")]
    [InlineData("24000 1", "mp2", "b.mp2", "MPEG audio layer II")]
    [InlineData("48000 2", "libvorbis", "a.ogg", "Ogg, Vorbis")]
    public void What_ffmpeg_encodes_decodes_as_in_ffmpeg(string format, string codec, string name, string expected) =>
        AssertDecodes(format, $"ffmpeg -v error -i {{in}} -c:a {codec} {{out}}", name, expected);

    [Theory]
    [InlineData("8000 1", "-q 3")]
    [InlineData("16000 1", "-q -1")]
    [InlineData("22050 2", "-q 3")]
    [InlineData("44100 2", "-q 10")]
    [InlineData("44100 2", "-b 64 --managed")]
    [InlineData("48000 2", "-q 3")]
    public void Vorbis_of_oggenc_decodes_as_in_ffmpeg(string format, string options) => AssertDecodes(format, $"oggenc -Q {options} -o {{out}} {{in}}", "a.ogg", "Ogg, Vorbis");

    [Theory]
    [InlineData("16000 1", "--bitrate 16")]
    [InlineData("8000 1", "--bitrate 24")]
    [InlineData("48000 1", "--bitrate 32 --framesize 60")]
    [InlineData("44100 2", "--bitrate 96")]
    [InlineData("48000 2", "--bitrate 160 --framesize 2.5")]
    [InlineData("48000 2", "--bitrate 64 --hard-cbr")]
    public void Opus_of_opusenc_decodes_as_in_opusdec(string format, string options)
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, format);
        Tool.Run("opusenc", ["--quiet", .. options.Split(' '), folder["a.wav"], folder["a.opus"]]);
        Tool.Run("opusdec", "--quiet", "--rate", "48000", "--float", folder["a.opus"], folder["b.wav"]);

        float[] samples = Decoding.All(File.ReadAllBytes(folder["a.opus"]), out AudioInfo info, out string[] warnings);

        AssertSame(Decoding.All(folder["b.wav"]), samples);
        Assert.Equal(("Ogg, Opus", 48000), (info.Format, info.SampleRate));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("a.mp3", "lame --quiet -b 64 {in} {out}")]
    [InlineData("a.ogg", "oggenc -Q -q 3 -o {out} {in}")]
    [InlineData("a.opus", "opusenc --quiet --bitrate 24 {in} {out}")]
    [InlineData("a.webm", "ffmpeg -v error -i {in} -c:a libopus -b:a 24k {out}")]
    [InlineData("a.flac", "ffmpeg -v error -i {in} {out}")]
    [InlineData("a.wav", "")]
    public void A_stream_may_be_slow_and_cannot_go_back(string name, string command)
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, "16000 2");
        if (command.Length > 0)
        {
            string[] words = [.. command.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder[name], StringComparison.Ordinal))];
            Tool.Run(words[0], words[1..]);
        }

        float[] samples = Decoding.All(new OneByteStream(File.ReadAllBytes(folder[name])), out _, out string[] warnings);

        Assert.Equal(Decoding.All(folder[name]), samples);
        Assert.InRange(samples.Length, 2 * 6 * 16_000, 2 * 6.1 * 48_000);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_picture_in_front_of_an_mp3_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, "44100 2");
        Tool.Run("lame", "--quiet", "-b", "128", folder["a.wav"], folder["a.mp3"]);
        byte[] plain = File.ReadAllBytes(folder["a.mp3"]);
        int size = 3_000_000;
        byte[] tag = [.. "ID3"u8, 3, 0, 0, (byte)(size >> 21), (byte)(size >> 14 & 127), (byte)(size >> 7 & 127), (byte)(size & 127), .. new byte[size]];
        new Random(1).NextBytes(tag.AsSpan(10));

        Assert.Equal(Decoding.All(plain), Decoding.All([.. tag, .. plain, .. "TAG"u8, .. new byte[125]])[..Decoding.All(plain).Length]);
    }

    [Fact]
    public void Junk_within_an_mp3_is_passed_over_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, "44100 1");
        Tool.Run("lame", "--quiet", "-b", "64", folder["a.wav"], folder["a.mp3"]);
        byte[] plain = File.ReadAllBytes(folder["a.mp3"]);
        float[] expected = Decoding.All(plain);

        float[] samples = Decoding.All([.. plain.AsSpan(0, 12_000), .. new byte[2000], .. plain.AsSpan(12_000)], out _, out string[] warnings);

        Assert.InRange(expected.Length - samples.Length, 0, 3 * 1152);
        Assert.Contains("are not audio and were skipped; times after them may be early", Assert.Single(warnings, line => line.Contains("bytes from", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_mp3_is_used_as_far_as_it_goes_and_says_so()
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, "44100 1");
        Tool.Run("lame", "--quiet", "-b", "64", folder["a.wav"], folder["a.mp3"]);
        byte[] plain = File.ReadAllBytes(folder["a.mp3"]);

        float[] samples = Decoding.All(plain[..(plain.Length / 2)], out _, out string[] warnings);

        float[] whole = Decoding.All(plain);
        Assert.Equal(whole[..samples.Length], samples);
        Assert.InRange(samples.Length, (whole.Length / 2) - 4000, (whole.Length / 2) + 4000);
        Assert.Contains("the file is cut at byte", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Free_format_is_refused_by_name()
    {
        byte[] bytes = new byte[20_000];
        for (int at = 0; at < bytes.Length - 4; at += 1000)
        {
            ((ReadOnlySpan<byte>)[0xFF, 0xFB, 0x00, 0x00]).CopyTo(bytes.AsSpan(at));
        }

        Assert.Contains("free format", Decoding.Error(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oggenc", "-Q -q 3 -o {out} {in}", "a.ogg")]
    [InlineData("opusenc", "--quiet --bitrate 32 {in} {out}", "a.opus")]
    public void Chained_streams_follow_each_other_and_a_lost_page_keeps_the_time(string encoder, string arguments, string name)
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, "48000 1");
        Tool.Run(encoder, [.. arguments.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder[name], StringComparison.Ordinal))]);
        byte[] plain = File.ReadAllBytes(folder[name]);
        float[] once = Decoding.All(plain);

        Assert.Equal([.. once, .. once], Decoding.All([.. plain, .. plain]));

        int[] pages = [.. Enumerable.Range(0, plain.Length - 4).Where(i => plain.AsSpan(i, 4).SequenceEqual("OggS"u8))];
        Assert.True(pages.Length >= 6, "too few pages to lose one");
        int lost = pages.Length / 2;
        float[] holed = Decoding.All([.. plain.AsSpan(0, pages[lost]), .. plain.AsSpan(pages[lost + 1])], out _, out string[] warnings);

        Assert.Equal(once.Length, holed.Length);
        Assert.True(Correlation(once.AsSpan(once.Length - 48_000), holed.AsSpan(holed.Length - 48_000)) > 0.999);
        Assert.Contains("sound is missing in 1 place", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_decoded_here_is_named()
    {
        byte[] page = OggPages.First([.. "Speex   "u8, .. new byte[72]]);

        using var source = new ByteSource(new MemoryStream(page), "talk.spx");
        Assert.Null(Diarist.Audio.Containers.OggDecoder.TryOpen(source, out string whatItIs));

        Assert.Equal("it is Ogg with Speex", whatItIs);
        Assert.Equal(0, source.Position);
    }

    /// <summary>The correlation of two recordings, 1 when one is a multiple of the other.</summary>
    internal static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            ab += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Six seconds of the sample conversation at a rate; the second channel is later speech.</summary>
    internal static void MakeSpeech(TemporaryFolder folder, string format)
    {
        string[] parts = format.Split(' ');
        string conversation = Shared.InRepository("samples/conversation.flac");
        if (parts[1] == "1")
        {
            Tool.Run("sox", "-D", conversation, "-r", parts[0], folder["a.wav"], "trim", "0", "6");
            return;
        }

        Tool.Run("sox", "-D", "-M", $"|sox -D {conversation} -p trim 0 6", $"|sox -D {conversation} -p trim 20 6", "-r", parts[0], "-b", "16", "-e", "signed", folder["a.wav"]);
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> samples)
    {
        Assert.Equal(expected.Length, samples.Length);
        Assert.True(Correlation(expected, samples) >= MinCorrelation, $"correlation {Correlation(expected, samples)}");
    }

    private static void AssertDecodes(string format, string encoder, string name, string expectedFormat)
    {
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, format);
        string command = encoder.Contains("{in}", StringComparison.Ordinal) ? encoder : encoder + " {in} {out}";
        string[] words = [.. command.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder[name], StringComparison.Ordinal))];
        Tool.Run(words[0], words[1..]);
        byte[] raw = Tool.Run("ffmpeg", "-v", "error", "-i", folder[name], "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1");

        float[] samples = Decoding.All(File.ReadAllBytes(folder[name]), out AudioInfo info, out string[] warnings);

        AssertSame(MemoryMarshal.Cast<byte, float>(raw), samples);
        Assert.Equal(expectedFormat, info.Format);
        Assert.Empty(warnings);
        Assert.True(info.Frames is null || info.Frames == samples.Length / info.Channels);
    }

    // Gives one byte at a time, and does not seek.
    private sealed class OneByteStream(byte[] bytes) : Stream
    {
        private int _next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty || _next == bytes.Length)
            {
                return 0;
            }

            buffer[0] = bytes[_next++];
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
