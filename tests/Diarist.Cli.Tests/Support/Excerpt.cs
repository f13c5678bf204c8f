using Diarist.Audio;

namespace Diarist.Cli.Tests.Support;

/// <summary>Short recordings for tests that run the tool often.</summary>
internal static class Excerpt
{
    /// <summary>The first seconds of the sample as a WAV: until 6.6 s anna speaks, from 7.1 s to 13.3 s ben.</summary>
    public static string OfSample(ScratchFolder folder, double seconds = 13) =>
        Write(Path.Combine(folder.Path, "excerpt.wav"), AudioReader.ReadMono(Repository.Sample).AsSpan(0, (int)(seconds * MonoStream.SampleRate)));

    /// <summary>Seconds in which nobody speaks.</summary>
    public static string Silence(ScratchFolder folder, double seconds) =>
        Write(Path.Combine(folder.Path, "silence.wav"), new float[(int)(seconds * MonoStream.SampleRate)]);

    /// <summary>A call of 6 s in stereo: anna on the left and ben on the right talk at once, and each is heard in the other channel too, 20 dB lower.</summary>
    public static string Call(ScratchFolder folder)
    {
        float[] sample = AudioReader.ReadMono(Repository.Sample);
        float[][] sides = [.. new[] { 0.4, 7.1 }.Select(start => sample.AsSpan((int)(start * MonoStream.SampleRate), 6 * MonoStream.SampleRate).ToArray())];
        int bytes = 4 * sides[0].Length;
        string path = Path.Combine(folder.Path, "call.wav");
        using var wav = new BinaryWriter(File.Create(path));
        wav.Write("RIFF"u8);
        wav.Write(36 + bytes);
        wav.Write("WAVEfmt "u8);
        wav.Write(16);
        wav.Write((short)1);
        wav.Write((short)2);
        wav.Write(MonoStream.SampleRate);
        wav.Write(4 * MonoStream.SampleRate);
        wav.Write((short)4);
        wav.Write((short)16);
        wav.Write("data"u8);
        wav.Write(bytes);
        for (int i = 0; i < sides[0].Length; i++)
        {
            wav.Write((short)(32767 * ((0.9f * sides[0][i]) + (0.09f * sides[1][i]))));
            wav.Write((short)(32767 * ((0.9f * sides[1][i]) + (0.09f * sides[0][i]))));
        }

        return path;
    }

    private static string Write(string path, ReadOnlySpan<float> samples)
    {
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        wav.Write(samples);
        wav.Complete();
        return path;
    }
}
