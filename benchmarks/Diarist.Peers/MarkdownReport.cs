using System.Globalization;
using System.Text;

namespace Diarist.Peers;

/// <summary>Results as Markdown.</summary>
internal static class MarkdownReport
{
    private const string Begin = "<!-- measured: begin (written by benchmarks/Diarist.Peers/run.sh) -->";
    private const string End = "<!-- measured: end -->";

    /// <summary>Machine, table, how each side ran, speeds with narrower vectors.</summary>
    public static string Of(Results results)
    {
        StringBuilder text = new();
        Machine machine = results.Machine;
        string peers = string.Join(", ", results.Peers.Select(peer => $"{peer.Key} {peer.Value}"));
        text.Append(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} cores, {machine.InstructionSets}; {machine.System}; {machine.DotNet}; {peers}; {results.Date}.\n\n");
        text.Append(Table(results.Rows)).Append('\n');
        foreach (Row row in results.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {row.Title}, {Threads(row)}: {How(row)}.\n");
        }

        if (results.Recordings.Count > 0)
        {
            text.Append("\nDiarist over recordings of growing length, two threads (seconds of stages are added over threads):\n\n");
            text.Append(RecordingTable(results.Recordings));
        }

        if (results.Narrow.Count > 0)
        {
            text.Append("\nDiarist on one thread when the runtime is told to leave vectors out:\n\n");
            text.Append(CultureInfo.InvariantCulture, $"| work | {string.Join(" | ", results.Narrow[0].Widths.Select(width => width.How))} |\n|---|{string.Concat(results.Narrow[0].Widths.Select(_ => "---|"))}\n");
            foreach (NarrowRow row in results.Narrow)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Title}, {row.Unit} | {string.Join(" | ", row.Widths.Select(width => Number(width.Value)))} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Medians with their smallest and largest round, and ratios.</summary>
    public static string Table(IEnumerable<Row> rows)
    {
        StringBuilder text = new("| work | threads | Diarist | peer | ratio | at least | aim | DER |\n|---|---|---|---|---|---|---|---|\n");
        foreach (Row row in rows)
        {
            string peer = row.Peer is null ? "–" : $"{row.Peer.Who} {Cell(row.Peer, row.Unit)}";
            string ratio = Number(row.Ratio) + (row.Peer is null ? " × real time" : "");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Title} | {row.Threads} | {Cell(row.Ours, row.Unit)} | {peer} | {(row.Holds ? $"**{ratio}**" : ratio)} | {row.AtLeast} | {row.Aim} | {ErrorRates(row)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Error rates of both sides in percent, where the work is a recording.</summary>
    private static string ErrorRates(Row row) => row.Ours.ErrorRate is not double ours ? ""
        : row.Peer?.ErrorRate is double theirs ? string.Create(CultureInfo.InvariantCulture, $"{100 * ours:0.0} and {100 * theirs:0.0}")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * ours:0.0}");

    private static string RecordingTable(IReadOnlyList<RecordingRow> rows)
    {
        StringBuilder text = new("| recipe | minutes | seconds | seconds per hour of audio | by stage, per hour | peak memory |\n|---|---|---|---|---|---|\n");
        foreach (RecordingRow row in rows)
        {
            double perHour = 60.0 / row.Minutes;
            string stages = string.Join(", ", row.Stages.OrderByDescending(stage => stage.Value).Select(stage => $"{stage.Key.ToLowerInvariant()} {Number(stage.Value * perHour)}"));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Recipe} | {row.Minutes} | {Number(row.Seconds)} | {Number(row.Seconds * perHour)} | {stages} | {row.PeakMegabytes:0} MB |\n");
        }

        return text.ToString();
    }

    /// <summary>Replaces what stands between the marks of a page.</summary>
    public static void Insert(string page, string report)
    {
        string text = File.ReadAllText(page);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"{page} has lost the marks between which the measurements go: {Begin} … {End}");
        }

        File.WriteAllText(page, $"{text[..begin]}{Begin}\n## Measured\n\n{report}\n{text[end..]}");
    }

    private static string How(Row row)
    {
        StringBuilder text = new($"Diarist {row.Ours.How}");
        if (row.Peer is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {row.Peer.Who} {row.Peer.How}");
        }

        if (row.Tried.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", the fastest of {string.Join(", ", row.Tried.Select(attempt => $"{attempt.How} ({Number(attempt.Value)})"))}");
        }

        if (row.Agreement is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"; results differ by at most {row.Agreement.LargestDifference:0.0e+0}");
        }

        return text.Append(CultureInfo.InvariantCulture, $"; {row.Ours.Rounds.Count} rounds; peak memory {row.Ours.PeakMegabytes:0} MB{(row.Peer is null ? "" : $" and {row.Peer.PeakMegabytes:0} MB")}").ToString();
    }

    private static string Threads(Row row) => row.Threads == 1 ? "1 thread" : $"{row.Threads} threads";

    private static string Cell(Score score, string unit) =>
        $"{Number(score.Spread.Median)} {unit} ({Number(score.Spread.Min)}–{Number(score.Spread.Max)})";

    /// <summary>Three significant digits, as far as that leaves the integer part alone.</summary>
    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
