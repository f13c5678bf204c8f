using System.Globalization;
using Diarist.Audio;

namespace Diarist.Benchmarks;

/// <summary>How fast one thread decodes recordings, and brings them to what diarization reads.</summary>
internal static class DecodingSpeed
{
    private const int Frames = 4096;

    /// <summary>Prints a row for each file: multiples of real time by processor time, with the compiler's share and without it.</summary>
    /// <param name="paths">Recordings that are decoded here and not by ffmpeg.</param>
    public static void Run(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            double seconds = 0;
            double first = ProcessorSeconds(() => seconds = Decode(path)), again = ProcessorSeconds(() => Decode(path));
            double mono = ProcessorSeconds(() => ToMono(path)), monoAgain = ProcessorSeconds(() => ToMono(path));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(path)}: {seconds:0} s; decoded {seconds / first:0} x real time, again {seconds / again:0} x; to 16 kHz mono {seconds / mono:0} x, again {seconds / monoAgain:0} x"));
        }
    }

    private static double Decode(string path)
    {
        using AudioStream audio = AudioReader.Open(path);
        float[] buffer = new float[Frames * audio.Info.Channels];
        long frames = 0;
        while (audio.Read(buffer) is > 0 and var count)
        {
            frames += count;
        }

        return frames / (double)audio.Info.SampleRate;
    }

    private static void ToMono(string path)
    {
        using var mono = new MonoStream(AudioReader.Open(path));
        float[] buffer = new float[MonoStream.SampleRate];
        while (mono.Read(buffer) > 0)
        {
        }
    }

    private static double ProcessorSeconds(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
