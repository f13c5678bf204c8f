using Diarist.Formats;

namespace Diarist.Accuracy.Pieces;

/// <summary>One recording of a folder of development recordings, and its truth.</summary>
internal sealed record FolderRecording(string Name, string Audio, IReadOnlyList<Turn> Truth, IReadOnlyList<TimeRange>? Regions)
{
    public int Speakers => Truth.Select(turn => turn.Speaker).Distinct().Count();
}

/// <summary>A folder with audio/NAME.flac or .wav, refs/NAME.rttm, and refs/NAME.uem where only a part is scored.</summary>
internal static class DevelopmentFolder
{
    /// <summary>The recordings whose names begin with one of the prefixes; all when there is none.</summary>
    public static IReadOnlyList<FolderRecording> Read(string folder, IReadOnlyList<string> prefixes) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, "audio"))
            .Order(StringComparer.Ordinal)
            .Where(path => Path.GetExtension(path) is ".flac" or ".wav")
            .Where(path => prefixes.Count == 0 || prefixes.Any(prefix => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal)))
            .Select(path =>
            {
                string name = Path.GetFileNameWithoutExtension(path);
                string truth = Path.Combine(folder, "refs", name + ".rttm");
                string regions = Path.Combine(folder, "refs", name + ".uem");
                using var turns = new StreamReader(truth);
                return new FolderRecording(name, path, Rttm.Read(turns, truth)[0].Turns, File.Exists(regions) ? ReadRegions(regions) : null);
            })];

    private static IReadOnlyList<TimeRange> ReadRegions(string path)
    {
        using var reader = new StreamReader(path);
        return Uem.Read(reader, path)[0].Regions;
    }
}
