using System.Globalization;
using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>
/// Forty compressed recordings as their encoders' users make them, with no program in the search path while they are read: the
/// samples of ffmpeg (of opusdec for Opus in Ogg, of libopus for Opus in WebM and Matroska), and the turns that the same sound has as WAV. Each eighth one runs always, all with
/// <c>-explicit only</c>.
/// </summary>
[Collection(nameof(FortyRecordingsTests))]
public sealed class FortyRecordingsTests
{
    private const double MinCorrelation = 0.9999, Seconds = 15, Frame = 0.017;

    // The first 15 s of the sample conversation, recorded by MediaRecorder in Chromium.
    private static readonly string BrowserRecording = Shared.InRepository("tests/Diarist.Tests/Fixtures/browser.webm");

    // Sample rate and channels; the file; how it is made. What comes last is done to it.
    private static readonly (string Format, string Name, string Command)[] Recordings =
    [
        ("8000 1", "a.mp3", "lame --quiet -b 16 {in} {out}"),
        ("8000 1", "a.mp3", "lame --quiet -b 64 {in} {out}"),
        ("8000 2", "a.mp3", "lame --quiet -b 24 -m j {in} {out}"),
        ("11025 1", "a.mp3", "lame --quiet -b 32 {in} {out}"),
        ("12000 1", "a.mp3", "lame --quiet -b 24 {in} {out}"),
        ("16000 1", "a.mp3", "lame --quiet -b 32 {in} {out}"),
        ("16000 2", "a.mp3", "lame --quiet -V 4 {in} {out}"),
        ("22050 2", "a.mp3", "lame --quiet --abr 96 {in} {out}"),
        ("24000 1", "a.mp3", "lame --quiet -b 64 {in} {out}"),
        ("32000 2", "a.mp3", "lame --quiet --nores -b 96 {in} {out}"),
        ("44100 1", "a.mp3", "lame --quiet -V 9 {in} {out}"),
        ("44100 2", "a.mp3", "lame --quiet -b 128 -p {in} {out}"),
        ("44100 2", "a.mp3", "lame --quiet -b 320 {in} {out}"),
        ("44100 2", "a.mp3", "lame --quiet -V 0 -t {in} {out}"),
        ("48000 2", "a.mp3", "lame --quiet -b 192 -m j {in} {out}"),
        ("44100 2", "a.mp3", "lame --quiet -b 128 --ti {picture} {in} {out}"),
        ("48000 2", "a.mp3", "ffmpeg -v error -i {in} -c:a libmp3lame {out}"),
        ("8000 1", "a.mp3", "ffmpeg -v error -i {in} -c:a libmp3lame -b:a 40k {out}"),
        ("48000 2", "a.mp2", "ffmpeg -v error -i {in} -c:a mp2 {out}"),
        ("24000 1", "a.mp2", "ffmpeg -v error -i {in} -c:a mp2 {out}"),
        ("48000 2", "a.ogg", "ffmpeg -v error -i {in} -c:a libvorbis {out}"),
        ("48000 1", "a.webm", "ffmpeg -v error -i {in} -c:a libopus -b:a 24k {out}"),
        ("48000 1", "a.webm", "cp {browser} {out}"),
        ("44100 2", "a.webm", "ffmpeg -v error -i {in} -c:a libvorbis {out}"),
        ("16000 1", "a.mka", "ffmpeg -v error -i {in} -c:a libopus -b:a 16k {out}"),
        ("44100 2", "a.mka", "ffmpeg -v error -i {in} -c:a pcm_s24le {out}"),
        ("8000 1", "a.ogg", "oggenc -Q -q 3 -o {out} {in}"),
        ("16000 1", "a.ogg", "oggenc -Q -q -1 -o {out} {in}"),
        ("22050 2", "a.ogg", "oggenc -Q -q 3 -o {out} {in}"),
        ("44100 2", "a.ogg", "oggenc -Q -q 10 -o {out} {in}"),
        ("44100 2", "a.ogg", "oggenc -Q -b 64 --managed -o {out} {in}"),
        ("48000 2", "a.ogg", "oggenc -Q -q 5 -o {out} {in}"),
        ("16000 1", "a.opus", "opusenc --quiet --bitrate 16 {in} {out}"),
        ("8000 1", "a.opus", "opusenc --quiet --bitrate 24 {in} {out}"),
        ("48000 1", "a.opus", "opusenc --quiet --bitrate 32 --framesize 60 {in} {out}"),
        ("44100 2", "a.opus", "opusenc --quiet --bitrate 96 --picture {picture} {in} {out}"),
        ("48000 2", "a.opus", "opusenc --quiet --bitrate 160 --framesize 2.5 {in} {out}"),
        ("48000 2", "a.opus", "opusenc --quiet --bitrate 64 --hard-cbr {in} {out}"),
        ("48000 1", "a.opus", "opusenc --quiet --bitrate 32 {in} {out} chained"),
        ("44100 1", "a.mp3", "lame --quiet --nores -b 64 {in} {out} cut"),
    ];

    public static TheoryData<int> Some => [.. Enumerable.Range(0, Recordings.Length).Where(number => number % 8 == 1)];

    public static TheoryData<int> Others => [.. Enumerable.Range(0, Recordings.Length).Where(number => number % 8 != 1)];

    [Theory]
    [MemberData(nameof(Some))]
    public void A_compressed_recording_has_the_samples_and_the_turns_of_its_wav(int number) => Check(number);

    [Theory(Explicit = true)]
    [MemberData(nameof(Others))]
    public void So_have_the_others(int number) => Check(number);

    private static void Check(int number)
    {
        (string format, string name, string command) = Recordings[number];
        using var folder = new TemporaryFolder();
        MakeSpeech(folder, format);
        if (command.Contains("{picture}", StringComparison.Ordinal))
        {
            Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x480", "-frames:v", "1", folder["picture.jpg"]);
        }

        string[] words = [.. command.Split(' ').Select(word => word.Replace("{in}", folder["a.wav"], StringComparison.Ordinal).Replace("{out}", folder[name], StringComparison.Ordinal).Replace("{picture}", folder["picture.jpg"], StringComparison.Ordinal).Replace("{browser}", BrowserRecording, StringComparison.Ordinal))];
        string done = words[^1] is "chained" or "cut" ? words[^1] : "";
        Tool.Run(words[0], done.Length > 0 ? words[1..^1] : words[1..]);
        byte[] bytes = File.ReadAllBytes(folder[name]);
        File.WriteAllBytes(folder[name], done switch { "chained" => [.. bytes, .. bytes], "cut" => bytes[..(bytes.Length * 2 / 3)], _ => bytes });
        if (name.EndsWith(".opus", StringComparison.Ordinal))
        {
            Tool.Run("opusdec", "--quiet", "--rate", "48000", "--float", folder[name], folder["b.wav"]);
        }
        else
        {
            // ffmpeg's own decoder of Opus differs from the one of opusdec; with libopus it is the same.
            string[] decoder = command.Contains("libopus", StringComparison.Ordinal) || command.Contains("{browser}", StringComparison.Ordinal) ? ["-c:a", "libopus"] : [];
            Tool.Run("ffmpeg", ["-v", "error", .. decoder, "-i", folder[name], "-c:a", "pcm_f32le", folder["b.wav"]]);
        }

        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", folder["."]);
        try
        {
            float[] expected = Decoding.All(folder["b.wav"]), samples = Decoding.All(folder[name]);
            int channels = format[^1] - '0';

            // Of a frame that is cut off in the middle ffmpeg makes something up; here it is left out.
            int leftOut = done == "cut" ? 1152 : 0;
            Assert.InRange(samples.Length - expected.Length, -channels - leftOut, channels);
            double correlation = CompressedAudioTests.Correlation(expected, samples);
            Assert.True(correlation >= MinCorrelation, $"correlation {correlation}");
            AssertSameTurns(folder["b.wav"], folder[name], Frame + (leftOut / double.Parse(format.Split(' ')[0], CultureInfo.InvariantCulture)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    private static void AssertSameTurns(string wav, string compressed, double within)
    {
        Diarizer diarizer = Diarizer.Create(InsideNetworks.Store);
        Turn[] expected = [.. diarizer.Diarize(wav).Turns], turns = [.. diarizer.Diarize(compressed).Turns];
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(turn => turn.Speaker), turns.Select(turn => turn.Speaker));
        foreach ((Turn one, Turn other) in expected.Zip(turns))
        {
            Assert.InRange(other.Start, one.Start - within, one.Start + within);
            Assert.InRange(other.End, one.End - within, one.End + within);
        }
    }

    private static void MakeSpeech(TemporaryFolder folder, string format)
    {
        string[] parts = format.Split(' ');
        string conversation = Shared.InRepository("samples/conversation.flac"), length = Seconds.ToString(CultureInfo.InvariantCulture);
        string[] input = parts[1] == "1" ? [conversation] : ["-M", $"|sox -D {conversation} -p trim 0 {length}", $"|sox -D {conversation} -p trim 20 {length}"];
        Tool.Run("sox", ["-D", .. input, "-r", parts[0], "-b", "16", "-e", "signed", folder["a.wav"], "trim", "0", length]);
    }
}

/// <summary>It changes the search path of the process, so nothing runs beside it.</summary>
[CollectionDefinition(nameof(FortyRecordingsTests), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit calls it so.
public sealed class FortyRecordingsCollection;
#pragma warning restore CA1711
