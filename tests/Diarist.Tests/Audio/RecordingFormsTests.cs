using System.Globalization;
using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>
/// One recording in sixty forms: containers × codings × rates × channels × start offsets. In each, every sound must be where it
/// is in the WAV, to one frame of the segmentation (16.875 ms), so that turns are.
/// </summary>
public sealed class RecordingFormsTests
{
    private const int Rate = MonoStream.SampleRate;
    private const double Frame = 0.016875;
    private const double Offset = 1.5;

    // Not here: what states neither a clock nor the delay of its coder (ADTS, WMA, AAC and MP3 alone in Matroska; 21 to 64 ms late).
    // Extension, coding, then rates/channels; "+" stands for a file with a video track before which the sound starts late.
    private static readonly string[] Forms =
    [
        "wav pcm_s16le 8000/1 16000/2 44100/2 48000/1", "wav pcm_u8 16000/1", "wav pcm_s24le 44100/1", "wav pcm_f32le 48000/2", "wav pcm_alaw 8000/1", "wav pcm_mulaw 8000/2",
        "wav adpcm_ima_wav 16000/1 44100/2", "wav adpcm_ms 22050/1", "w64 pcm_s16le 16000/1", "flac flac 16000/1 44100/2 96000/1", "aiff pcm_s16be 44100/2", "au pcm_s16be 16000/1",
        "caf pcm_s16be 44100/1", "caf alac 48000/2", "m4a aac 16000/1 44100/2 48000/1", "m4a alac 44100/2", "mov pcm_s16le 48000/2", "mov aac 32000/1", "mka flac 16000/1", "mka tta 44100/1", "mka wavpack 48000/2",
        "mka pcm_s16le 16000/2", "mka ac3 48000/2", "webm libopus 48000/1", "webm libvorbis 44100/2", "ogg libvorbis 16000/1 44100/2", "ogg libopus 48000/2", "ogg flac 44100/1", "mp3 libmp3lame 16000/1 44100/2 48000/1",
        "tta tta 44100/2", "wv wavpack 48000/1", "wav pcm_s32le 22050/2", "avi pcm_s16le 44100/2", "mka libopus 48000/1", "mka libvorbis 44100/2", "mkv+ ac3 44100/1",
        "mp4+ aac 16000/1 44100/2 48000/1", "mov+ pcm_s16le 16000/1 48000/2", "mkv+ aac 44100/2", "mkv+ libopus 48000/1", "mkv+ flac 16000/1", "webm+ libvorbis 44100/1", "flv+ aac 44100/2",
        "ts+ aac 44100/2 48000/1", "nut+ pcm_s16le 16000/1", "ogg+ libvorbis 44100/1", "mpg+ mp2 44100/2", "wmv+ wmav2 44100/1", "3gp+ aac 44100/1",
    ];

    [Fact]
    public void Every_sound_is_where_it_is_in_the_wav()
    {
        using var folder = new TemporaryFolder();
        Tool.Run("ffmpeg", "-v", "error", "-ss", "1", "-t", "5", "-i", Shared.InRepository("samples/conversation.flac"), "-c:a", "pcm_s16le", folder["a.wav"]);
        float[] expected = AudioReader.ReadMono(folder["a.wav"]);
        Form[] forms = [.. Forms.Select(form => form.Split(' ')).SelectMany(parts => parts[2..].Select(shape => (parts, shape.Split('/')))).Select((form, number) => new Form(
            folder[$"{number}.{form.parts[0].TrimEnd('+')}"], form.parts[1], form.Item2[0], form.Item2[1], form.parts[0].EndsWith('+')))];
        Encode(folder["a.wav"], forms);
        var problems = new List<string>();
        foreach (Form form in forms)
        {
            double shift = Shift(expected, AudioReader.ReadMono(form.File), form.Late ? Offset : 0);
            if (!(Math.Abs(shift) <= Frame))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{form} is off by {shift:0.0000} s"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{forms.Length} files");
        Assert.Empty(problems);
        Assert.True(forms.Length >= 60);
    }

    // One run of ffmpeg writes all files of a kind: that it starts takes longer than that it writes one.
    private static void Encode(string wav, Form[] forms)
    {
        string[] picture = ["-f", "lavfi", "-i", "color=s=64x64:r=25:d=8", "-itsoffset", Offset.ToString(CultureInfo.InvariantCulture)];
        foreach (IGrouping<bool, Form> kind in forms.GroupBy(form => form.Late))
        {
            Tool.Run("ffmpeg", ["-v", "error", "-y", .. kind.Key ? picture : [], "-i", wav, .. kind.SelectMany(Output)]);
        }
    }

    private static string[] Output(Form form)
    {
        string video = Path.GetExtension(form.File) switch { ".webm" => "libvpx", ".flv" => "flv", ".ogg" => "libtheora", ".mpg" => "mpeg2video", ".wmv" => "wmv2", _ => "mpeg4" };
        string[] tracks = form.Late ? ["-map", "0:v", "-map", "1:a", "-c:v", video] : [];
        return [.. tracks, "-ar", form.Rate, "-ac", form.Channels, "-c:a", form.Codec, "-strict", "-2", form.File];
    }

    // Where the recording lies in what was decoded, against where it should: the lag of the highest correlation of envelopes in 1 ms.
    private static double Shift(float[] expected, float[] decoded, double offset)
    {
        double[] a = Envelope(expected);
        double[] b = Envelope(decoded);
        int due = (int)(offset * 1000);
        (double Best, int At) found = (double.NegativeInfinity, int.MaxValue);
        for (int lag = due - 200; lag <= due + 200; lag++)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
            {
                sum += i + lag >= 0 && i + lag < b.Length ? a[i] * b[i + lag] : 0;
            }

            found = sum > found.Best ? (sum, lag) : found;
        }

        return (found.At - due) / 1000.0;
    }

    private static double[] Envelope(float[] samples)
    {
        double[] envelope = [.. samples.Chunk(Rate / 1000).Select(chunk => chunk.Average(sample => Math.Abs((double)sample)))];
        double mean = envelope.Average();
        return [.. envelope.Select(value => value - mean)];
    }

    private sealed record Form(string File, string Codec, string Rate, string Channels, bool Late);
}
