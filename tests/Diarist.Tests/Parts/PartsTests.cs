using Diarist.Audio;
using Diarist.Formats;
using Diarist.Packs;
using Diarist.Parts;
using Diarist.Tests.Support;

namespace Diarist.Tests.Parts;

/// <summary>One recording heard in ranges, each from the beginning of its file and carried as bytes, has the result of one machine.</summary>
public sealed class PartsTests : IDisposable
{
    private static readonly Lazy<Diarizer> Networks = new(() => Diarizer.Create(PackStore.Open(), new DiarizerOptions { Threads = 2 }));
    private static readonly Lazy<float[]> Sample = new(() => AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac")));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(20, 7, 7)] // windows every second; ranges without a batch
    [InlineData(90, 30, 30)]
    [InlineData(250, 64, 45)] // windows every two seconds; ranges of the two steps differ
    [InlineData(250, 1000, 90)]
    [InlineData(33, 16, 31)]
    public void A_recording_in_ranges_has_the_bytes_of_one_machine(int seconds, int windowSeconds, int voiceSeconds)
    {
        string path = Write(seconds);
        (HeardWindows[] windows, HeardVoices[] voices) = Hear(path, seconds, windowSeconds, voiceSeconds);
        Assert.Equal(Bytes(path, Networks.Value.Diarize(path)), Bytes(path, Networks.Value.Join(windows, voices, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Where_the_length_was_guessed_wrongly_nothing_is_lost()
    {
        string path = Write(100);
        byte[] whole = Bytes(path, Networks.Value.Diarize(path));
        foreach (int guess in (int[])[40, 300])
        {
            (HeardWindows[] windows, HeardVoices[] voices) = Hear(path, guess, 30, 30);
            Assert.Equal(whole, Bytes(path, Networks.Value.Join(windows, voices, TestContext.Current.CancellationToken)));
        }
    }

    [Fact]
    public void Parts_that_do_not_belong_together_or_are_damaged_are_refused()
    {
        string path = Write(100);
        (HeardWindows[] windows, HeardVoices[] voices) = Hear(path, 100, 40, 30);
        Diarizer diarizer = Networks.Value;
        Assert.Contains("not the whole recording", Assert.Throws<ArgumentException>(() => diarizer.Join(windows, voices[..^1])).Message);
        Assert.Contains("do not follow", Assert.Throws<ArgumentException>(() => diarizer.Join(windows, voices[1..])).Message);
        Assert.Contains("end of the recording", Assert.Throws<ArgumentException>(() => diarizer.Join(windows[..^1], voices)).Message);
        Assert.Contains("do not follow", Assert.Throws<ArgumentException>(() => diarizer.Join([windows[0], .. windows[2..]], voices)).Message);
        using (AudioStream other = AudioReader.Open(Write(60)))
        {
            Assert.Contains("samples and not", Assert.Throws<AudioFormatException>(() => diarizer.HearVoices(other, windows, new ListeningRange(60, double.PositiveInfinity))).Message);
        }

        byte[] bytes = windows[0].ToBytes();
        Assert.Throws<InvalidDataException>(() => HeardWindows.FromBytes(bytes[..^5]));
        Assert.Throws<InvalidDataException>(() => HeardVoices.FromBytes(bytes));
        Assert.Throws<InvalidDataException>(() => HeardWindows.FromBytes([1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => diarizer.HearWindows(AudioReader.Open(path), new ListeningRange(5, 5)));
    }

    private static (HeardWindows[] Windows, HeardVoices[] Voices) Hear(string path, double seconds, double windowSeconds, double voiceSeconds)
    {
        Diarizer diarizer = Networks.Value;
        HeardWindows[] windows = [.. ListeningRange.Split(seconds, windowSeconds).Select(range => Open(path, audio => HeardWindows.FromBytes(diarizer.HearWindows(audio, range).ToBytes())))];
        HeardVoices[] voices = [.. ListeningRange.Split(seconds, voiceSeconds).Select(range => Open(path, audio => HeardVoices.FromBytes(diarizer.HearVoices(audio, windows, range).ToBytes())))];
        return (windows, voices);
    }

    private static T Open<T>(string path, Func<AudioStream, T> hear)
    {
        using AudioStream audio = AudioReader.Open(path);
        return hear(audio);
    }

    private static byte[] Bytes(string path, Diarization diarization)
    {
        using AudioStream audio = AudioReader.Open(path);
        using var stream = new MemoryStream();
        DiarizationJson.Write(stream, diarization, audio.Info);
        using var writer = new StreamWriter(stream);
        Rttm.Write(writer, "x", diarization.Turns);
        writer.Flush();
        return stream.ToArray();
    }

    private string Write(int seconds)
    {
        string path = _folder[$"{seconds}.wav"];
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        for (int left = seconds * MonoStream.SampleRate; left > 0; left -= Sample.Value.Length)
        {
            wav.Write(Sample.Value.AsSpan(0, Math.Min(left, Sample.Value.Length)));
        }

        wav.Complete();
        return path;
    }
}
