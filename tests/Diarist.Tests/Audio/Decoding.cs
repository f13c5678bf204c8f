using Diarist.Audio;

namespace Diarist.Tests.Audio;

/// <summary>Decodes whole recordings in the tests' way: in odd pieces, so that every seam is crossed.</summary>
internal static class Decoding
{
    public static float[] All(byte[] bytes) => All(new MemoryStream(bytes), out _, out _);

    public static float[] All(byte[] bytes, out AudioInfo info, out string[] warnings) => All(new MemoryStream(bytes), out info, out warnings);

    public static float[] All(string path)
    {
        using AudioStream audio = AudioReader.Open(path);
        return Drain(audio);
    }

    public static float[] All(Stream stream, out AudioInfo info, out string[] warnings)
    {
        using AudioStream audio = AudioReader.Open(stream, "test.audio");
        float[] samples = Drain(audio);
        info = audio.Info;
        warnings = [.. audio.Warnings];
        return samples;
    }

    public static string Error(byte[] bytes) => Assert.Throws<AudioFormatException>(() => All(bytes)).Message;

    public static float[] Drain(AudioStream audio)
    {
        var samples = new List<float>();
        var piece = new float[1021 * audio.Info.Channels];
        while (audio.Read(piece) is int frames and > 0)
        {
            samples.AddRange(piece.AsSpan(0, frames * audio.Info.Channels));
        }

        Assert.Equal(0, audio.Read(piece));
        return [.. samples];
    }
}
