using System.Text.Json;
using Diarist.Audio;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Short recordings for batches, and what a batch left.</summary>
internal static class BatchFiles
{
    private static readonly Lazy<float[]> Sample = new(() => AudioReader.ReadMono(Repository.Sample));

    /// <summary>Writes some seconds of the sample as a WAV, as often as is said.</summary>
    public static string Recording(ScratchFolder scratch, string file, double start, double seconds, int times = 1)
    {
        string path = Path.Combine(scratch.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        for (int time = 0; time < times; time++)
        {
            wav.Write(Sample.Value.AsSpan((int)(start * MonoStream.SampleRate), (int)(seconds * MonoStream.SampleRate)));
        }

        wav.Complete();
        return path;
    }

    /// <summary>The files below a folder with their contents, without the logs of runs.</summary>
    public static SortedDictionary<string, string> Content(string folder)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            string name = Path.GetRelativePath(folder, file);
            if (!name.StartsWith(Path.Combine(".diarist", "runs"), StringComparison.Ordinal))
            {
                content.Add(name, File.ReadAllText(file));
            }
        }

        return content;
    }

    /// <summary>Requires that two batches left the same files, and says which differ.</summary>
    public static void AssertSame(string expected, string actual)
    {
        SortedDictionary<string, string> first = Content(expected), second = Content(actual);
        Assert.Equal([], first.Keys.Except(second.Keys));
        Assert.Equal([], second.Keys.Except(first.Keys));
        Assert.All(first, pair => Assert.Equal(pair.Value, second[pair.Key]));
    }

    /// <summary>How often the logs of all runs have an event.</summary>
    public static int Events(string folder, string name) =>
        Directory.EnumerateFiles(Path.Combine(folder, ".diarist", "runs")).SelectMany(File.ReadLines).Count(line => line.Contains($"\"event\":\"{name}\"", StringComparison.Ordinal));

    /// <summary>The failures by id.</summary>
    public static Dictionary<string, JsonElement> Failures(string folder) =>
        File.ReadLines(Path.Combine(folder, "failures.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToDictionary(failure => failure.GetProperty("id").GetString()!);
}
