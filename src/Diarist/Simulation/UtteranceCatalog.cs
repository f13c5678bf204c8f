using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>Finds recordings of single speakers on disk.</summary>
public static class UtteranceCatalog
{
    private const string IndexFile = "index.tsv";
    private const string RegionsFile = "speech_regions.tsv";
    private static readonly string[] Extensions = [".flac", ".wav"];

    /// <summary>
    /// Reads a table with columns <c>utt</c>, <c>speaker</c> and perhaps <c>text</c>, whose recordings lie beside it
    /// as <c>utt.flac</c> or <c>utt.wav</c>; or a folder, which holds such a table as index.tsv or else only
    /// recordings: their speaker is the subfolder, or the file name up to its first hyphen.
    /// </summary>
    /// <param name="path">The table or the folder.</param>
    /// <param name="regionsPath">A table with columns <c>utt</c>, <c>start</c>, <c>end</c> (seconds) that says where there is speech; speech_regions.tsv beside the recordings when <see langword="null"/>.</param>
    /// <exception cref="InputException">Something is missing or malformed.</exception>
    public static IReadOnlyList<SourceUtterance> Read(string path, string? regionsPath = null)
    {
        bool isFolder = Directory.Exists(path);
        string folder = isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        string index = isFolder ? Path.Combine(path, IndexFile) : path;
        string besides = Path.Combine(folder, RegionsFile);
        Dictionary<string, TimeRange[]>? regions = regionsPath is not null || File.Exists(besides) ? ReadRegions(regionsPath ?? besides) : null;
        List<SourceUtterance> utterances = !isFolder || File.Exists(index) ? FromTable(index, folder, regions) : FromFolder(folder, regions);
        return utterances.Count > 0 ? utterances : throw new InputException(path, "names no recordings (.flac or .wav)");
    }

    private static Dictionary<string, TimeRange[]> ReadRegions(string path) =>
        TabbedTable.Read(path, "utt", "start", "end").Rows
            .GroupBy(row => row["utt"])
            .ToDictionary(group => group.Key, group => group.Select(row => new TimeRange(row.Number("start"), row.Number("end"))).Order().ToArray());

    private static List<SourceUtterance> FromTable(string index, string folder, Dictionary<string, TimeRange[]>? regions)
    {
        var utterances = new List<SourceUtterance>();
        foreach (TabbedTable.Row row in TabbedTable.Read(index, "utt", "speaker").Rows)
        {
            string stem = Path.Combine(folder, row["utt"]);
            string file = Extensions.Select(extension => stem + extension).FirstOrDefault(File.Exists)
                ?? throw row.Error($"there is no {stem}.flac or .wav");
            utterances.Add(Create(file, row["utt"], row["speaker"], row["text"], regions));
        }

        return utterances;
    }

    private static List<SourceUtterance> FromFolder(string folder, Dictionary<string, TimeRange[]>? regions)
    {
        var utterances = new List<SourceUtterance>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            string id = Path.GetFileNameWithoutExtension(file);
            string subfolder = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!);
            string speaker = subfolder == "." ? id.Split('-')[0] : subfolder.Split(Path.DirectorySeparatorChar)[0];
            utterances.Add(Create(file, id, speaker, "", regions));
        }

        return utterances;
    }

    private static SourceUtterance Create(string file, string id, string speaker, string text, Dictionary<string, TimeRange[]>? regions) =>
        new(id, speaker, text, () => AudioReader.ReadMono(file), regions?.GetValueOrDefault(id));
}
