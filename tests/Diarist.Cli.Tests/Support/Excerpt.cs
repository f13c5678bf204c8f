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

    private static string Write(string path, ReadOnlySpan<float> samples)
    {
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        wav.Write(samples);
        wav.Complete();
        return path;
    }
}
