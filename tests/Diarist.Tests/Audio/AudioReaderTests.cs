using Diarist.Audio;
using Diarist.Audio.Ffmpeg;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

public sealed class AudioReaderTests
{
    [Fact]
    public void What_is_no_file_is_named_as_such()
    {
        using var folder = new TemporaryFolder();

        Assert.EndsWith("there is no such file", Assert.Throws<InputException>(() => AudioReader.Open(folder["none.wav"])).Message, StringComparison.Ordinal);
        Assert.EndsWith("there is no such file", Assert.Throws<InputException>(() => AudioReader.Open(folder["none/none.wav"])).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a folder, not a recording", Assert.Throws<InputException>(() => AudioReader.Open(folder["."])).Message, StringComparison.Ordinal);
        Assert.EndsWith("is empty (0 bytes)", Decoding.Error([]), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_the_name_of_a_recording_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes.wav"], "These are the minutes of the meeting.\nNobody came.\n");

        string error = Assert.Throws<AudioFormatException>(() => AudioReader.Open(folder["notes.wav"])).Message;

        Assert.Contains("has a format that is not decoded here (it begins with the text 'These are th')", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_ffmpeg_other_formats_are_refused_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["talk.ogg"], "OggS....");
        var input = new FfmpegInput("talk.ogg", folder["talk.ogg"], "it begins so") { Decoder = "no-such-program", Prober = "no-such-program" };

        string error = Assert.Throws<AudioFormatException>(() => FfmpegDecoder.Open(input)).Message;

        Assert.Equal("talk.ogg: has a format that is not decoded here (it begins so); install ffmpeg, which decodes other formats, or convert it", error);
    }

    [Theory]
    [InlineData("-odd name.ac3", "ac3")]
    [InlineData("http:colon.adts", "aac")]
    [InlineData("moov.m4a", "aac")]
    [InlineData("adpcm.wav", "adpcm_ms")]
    public void Ffmpeg_decodes_the_rest_from_files_and_streams(string name, string codec)
    {
        using var folder = new TemporaryFolder();
        Tool.Run("sox", "-D", "-n", "-r", "44100", "-c", "2", "-b", "16", folder["a.wav"], "synth", "2", "sine", "440", "sine", "660", "vol", "0.5");
        Tool.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], "-c:a", codec, "file:" + folder[name]);

        using AudioStream file = AudioReader.Open(folder[name]);
        float[] samples = Decoding.Drain(file);

        Assert.Equal((44100, 2, "through ffmpeg", folder[name]), (file.Info.SampleRate, file.Info.Channels, file.Info.Format, file.Info.Name));
        Assert.InRange(samples.Length / 2 / 44100.0, 1.95, 2.1);
        Assert.InRange(samples.Max(), 0.4f, 0.8f);

        // Also of a pipe: containers whose index comes last and the padding of MP3 are known only by seeking.
        Assert.Equal(samples, Decoding.All(new Pipe(File.ReadAllBytes(folder[name])), out _, out string[] warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_playlist_cannot_make_ffmpeg_open_the_network()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["list.m3u8"], "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n");

        string error = Assert.Throws<AudioFormatException>(() => Decoding.All(folder["list.m3u8"])).Message;

        Assert.DoesNotContain("refused", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Closing_early_stops_ffmpeg()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=60", "-c:a", "aac", folder["long.m4a"]);

        AudioStream audio = AudioReader.Open(folder["long.m4a"]);
        Assert.NotEqual(0, audio.Read(new float[100]));
        audio.Dispose();
    }

    [Fact]
    public void A_path_with_a_nul_character_is_no_path()
    {
        Assert.Contains("NUL", Assert.Throws<InputException>(() => AudioReader.Open("a\0b.wav")).Message, StringComparison.Ordinal);
        Assert.Contains("there is no such file", Assert.Throws<InputException>(() => AudioReader.Open("-")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stream_is_closed_unless_it_is_to_stay_open(bool leaveOpen)
    {
        var stream = new MemoryStream(WavBytes.Mono16(1, 2, 3));

        AudioReader.Open(stream, leaveOpen: leaveOpen).Dispose();
        Assert.Equal(leaveOpen, stream.CanRead);

        var broken = new MemoryStream([1]);
        Assert.Throws<AudioFormatException>(() => AudioReader.Open(broken, leaveOpen: leaveOpen));
        Assert.Equal(leaveOpen, broken.CanRead);
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_read_as_far_as_it_goes()
    {
        using var folder = new TemporaryFolder();
        using FileStream recorder = new(folder["growing.wav"], FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        recorder.Write(new WavBytes().Format(1, 1, 16000, 16).Chunk("data", new byte[3200], 0).ToArray("RIFF", 0));
        recorder.Flush();

        Assert.Equal(1600, AudioReader.ReadMono(folder["growing.wav"]).Length);
    }

    [Fact]
    public void The_extension_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["really-wav.flac"], WavBytes.Mono16(1, 2, 3));

        Assert.Equal(3, AudioReader.ReadMono(folder["really-wav.flac"]).Length);
    }
}
