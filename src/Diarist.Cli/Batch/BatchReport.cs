using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Diarist.Cli.Batch;

/// <summary>One recording of a batch as a report has it.</summary>
/// <param name="Id">The recording.</param>
/// <param name="State"><c>done</c>, <c>failed</c> (and tried again by the next run) or <c>quarantined</c>.</param>
/// <param name="Seconds">Its length; null without a result.</param>
/// <param name="Speakers">How many speak; null without a result.</param>
/// <param name="Speech">Seconds of speech of all speakers; null without a result.</param>
/// <param name="Took">Seconds that the work took; null when no log tells.</param>
/// <param name="Language">As the manifest has it.</param>
/// <param name="Source">The file.</param>
/// <param name="Key">The key of the result.</param>
/// <param name="ExitCode">Of the last try that failed.</param>
/// <param name="Message">Of the last try that failed.</param>
/// <param name="Tries">How often it failed.</param>
internal sealed record BatchReportRow(
    string Id, string State, double? Seconds, int? Speakers, double? Speech, double? Took, string? Language, string Source, string? Key, int? ExitCode, string? Message, int? Tries);

/// <summary>What is in the folder of a batch.</summary>
internal sealed class BatchReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private BatchReport(IReadOnlyList<BatchReportRow> rows) => Rows = rows;

    /// <summary>The recordings by id.</summary>
    public IReadOnlyList<BatchReportRow> Rows { get; }

    /// <summary>How many have a result.</summary>
    public int Done => Rows.Count(row => row.State == "done");

    /// <summary>How many failed and are tried again.</summary>
    public int Failed => Rows.Count(row => row.State == "failed");

    /// <summary>How many are left alone.</summary>
    public int Quarantined => Rows.Count(row => row.State == "quarantined");

    /// <summary>The length of all that have a result, in seconds.</summary>
    public double Seconds => Rows.Sum(row => row.Seconds ?? 0);

    /// <summary>Seconds of audio a second of one job; null when no log tells.</summary>
    public double? Speed => Rows.Where(row => row.Took > 0).ToArray() is { Length: > 0 } timed ? timed.Sum(row => row.Seconds!.Value) / timed.Sum(row => row.Took!.Value) : null;

    /// <summary>How many recordings have each number of speakers.</summary>
    public IReadOnlyList<(int Speakers, int Recordings)> BySpeakers =>
        [.. Rows.Where(row => row.Speakers is not null).GroupBy(row => row.Speakers!.Value).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))];

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InputException">No batch has written there.</exception>
    public static BatchReport Read(BatchFolder folder)
    {
        if (!folder.Exists)
        {
            throw new InputException(folder.Path, "no batch has written there");
        }

        Dictionary<string, double?> took = BatchLog.ReadAll(folder).Where(entry => entry is { Event: "done", Id: not null }).GroupBy(entry => entry.Id!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Took, StringComparer.Ordinal);
        IEnumerable<BatchReportRow> done = folder.Sidecars().Select(sidecar => new BatchReportRow(
            sidecar.Id, "done", sidecar.Seconds, sidecar.Speakers, sidecar.Speech, took.GetValueOrDefault(sidecar.Id), sidecar.Language, sidecar.Source, sidecar.Key, null, null, null));
        IEnumerable<BatchReportRow> failed = folder.AllFailures().Select(failure => new BatchReportRow(
            failure.Id, failure.Quarantined ? "quarantined" : "failed", null, null, null, null, null, failure.Path, null, failure.ExitCode, failure.Message, failure.Tries));
        return new BatchReport([.. done.Concat(failed).OrderBy(row => row.Id, StringComparer.Ordinal)]);
    }

    /// <summary>Writes the sums, and the rows where they are wanted, as one JSON document.</summary>
    public void WriteJson(Stream stream, bool rows)
    {
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("schema", "diarist-batch-report/1");
            json.WriteNumber("recordings", Rows.Count);
            json.WriteNumber("done", Done);
            json.WriteNumber("failed", Failed);
            json.WriteNumber("quarantined", Quarantined);
            json.WriteNumber("hours", Math.Round(Seconds / 3600, 4));
            if (Speed is double speed)
            {
                json.WriteNumber("timesRealTime", Math.Round(speed, 1));
            }

            json.WriteStartObject("recordingsBySpeakers");
            foreach ((int speakers, int count) in BySpeakers)
            {
                json.WriteNumber(speakers.ToString(CultureInfo.InvariantCulture), count);
            }

            json.WriteEndObject();
            if (rows)
            {
                json.WriteStartArray("list");
                foreach (BatchReportRow row in Rows)
                {
                    JsonSerializer.Serialize(json, row, BatchJson.Default.BatchReportRow);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes the sums for people.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Rows.Count} recordings: {Done} done, {Failed} failed, {Quarantined} left alone"));
        string speed = Speed is double fast ? string.Create(CultureInfo.InvariantCulture, $", {fast:0}× real time on one job") : "";
        writer.WriteLine($"{BatchPlanText.Hours(Seconds)} of audio{speed}");
        foreach ((int speakers, int count) in BySpeakers)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{speakers,5} {(speakers == 1 ? "speaker " : "speakers")}  {count} recordings"));
        }

        foreach (BatchReportRow row in Rows.Where(row => row.State != "done"))
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.State}, {row.Tries} tries, exit code {row.ExitCode}: {row.Message}"));
        }
    }
}
