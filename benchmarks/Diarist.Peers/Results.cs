using System.Text.Json;

namespace Diarist.Peers;

/// <summary>What a contender was once measured at, in the unit of its comparison.</summary>
internal sealed record Attempt(string How, double Value);

/// <summary>What a contender came to over all rounds, in the unit of its comparison.</summary>
internal sealed record Score(string Who, string How, IReadOnlyList<double> Rounds, double PeakMegabytes, double? ErrorRate)
{
    public Spread Spread => Spread.Of(Rounds);
}

/// <summary>One row of the table.</summary>
/// <param name="Ratio">The peer's median over ours; × real time where there is no peer.</param>
/// <param name="Agreement">How alike the results of both are, where they can be compared value by value.</param>
/// <param name="Tried">The peer's ways, each measured once, where it has several.</param>
internal sealed record Row(
    string Id, string Title, int Threads, string Unit, Score Ours, Score? Peer, double Ratio, double AtLeast, double Aim, Agreement? Agreement, IReadOnlyList<Attempt> Tried)
{
    public bool Holds => Ratio >= AtLeast;
}

/// <summary>Diarist with wider vectors switched off, one thread.</summary>
internal sealed record NarrowRow(string Title, string Unit, IReadOnlyList<Attempt> Widths);

/// <summary>One recording, diarized by the library on two threads.</summary>
/// <param name="Seconds">From opening the file to the turns.</param>
/// <param name="Stages">Seconds of work by stage, added over threads.</param>
internal sealed record RecordingRow(string Recipe, int Minutes, double Seconds, double PeakMegabytes, IReadOnlyDictionary<string, double> Stages);

/// <summary>Everything that a run measured.</summary>
internal sealed record Results(
    string Date, Machine Machine, IReadOnlyDictionary<string, string> Peers, IReadOnlyList<Row> Rows, IReadOnlyList<NarrowRow> Narrow,
    IReadOnlyList<RecordingRow> Recordings)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>These results with rows and recordings replaced by those of the same name.</summary>
    public Results With(Results newer) => newer with
    {
        Rows = [.. Comparison.All.Select(comparison => newer.Rows.FirstOrDefault(row => row.Id == comparison.Id) ?? Rows.FirstOrDefault(row => row.Id == comparison.Id)).OfType<Row>()],
        Narrow = newer.Narrow.Count > 0 ? newer.Narrow : Narrow,
        Recordings = newer.Recordings.Count > 0 ? newer.Recordings : Recordings,
    };

    /// <summary>What was written for a machine before; null when nothing was.</summary>
    public static Results? Read(string repository, Machine machine)
    {
        string path = Path.Combine(repository, "benchmarks", "results", machine.Folder, "results.json");
        return File.Exists(path) ? JsonSerializer.Deserialize<Results>(File.ReadAllText(path), Json) : null;
    }

    /// <summary>Writes results.json and results.md into the machine's folder and the table into docs/performance.md.</summary>
    /// <returns>The folder.</returns>
    public string Write(string repository)
    {
        string folder = Path.Combine(repository, "benchmarks", "results", Machine.Folder);
        Directory.CreateDirectory(folder);
        string report = MarkdownReport.Of(this);
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(this, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, "results.md"), "# Measured\n\n" + report);
        MarkdownReport.Insert(Path.Combine(repository, "docs", "performance.md"), report);
        return folder;
    }
}
