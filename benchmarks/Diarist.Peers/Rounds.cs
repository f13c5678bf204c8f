using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Diarist.Peers;

/// <summary>Runs the comparisons: separate processes, ours and the peer's in turn, so that neither owns the quiet minutes.</summary>
internal sealed class Rounds(Workspace workspace)
{
    /// <summary>The runtime's switches for narrower vectors, and what is left then.</summary>
    private static readonly (string Switch, string Left)[] Widths =
        [("DOTNET_EnableAVX512", "256 bits"), ("DOTNET_EnableAVX2", "128 bits")];

    /// <summary>Runs all comparisons and writes the results, or only the named ones and shows them; with <c>--keep</c> first, their rows replace those of the last results.</summary>
    /// <returns>0 when every ratio holds, else 1.</returns>
    public int Run(IReadOnlyList<string> names)
    {
        bool keep = names is ["--keep", ..];
        names = keep ? [.. names.Skip(1)] : names;
        List<Row> rows = [.. names.Count == 0 ? Comparison.All.Select(Compare) : names.Select(name => Compare(Comparison.Find(name)))];
        Console.WriteLine();
        Console.Write(MarkdownReport.Table(rows));
        if (names.Count == 0 || keep)
        {
            Results results = new(
                DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Machine.Current, PeerVersions(), rows,
                names.Count > 0 ? [] : [.. rows.Where(row => row.Threads == 1).Select(WithNarrowVectors)],
                names.Count > 0 ? [] : [.. Comparison.Recordings.Select(Record)]);
            results = keep && Results.Read(workspace.Repository, Machine.Current) is { } before ? before.With(results) : results;
            Console.WriteLine($"\nWritten to {results.Write(workspace.Repository)} and docs/performance.md.");
        }

        foreach (Row row in rows.Where(row => !row.Holds))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Id}: {row.Ratio:0.00} is below {row.AtLeast:0.0#}"));
        }

        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private Row Compare(Comparison comparison)
    {
        List<Attempt> tried = [];
        Contender? peer = comparison.Theirs is [Contender first, ..] ? first : null;
        if (comparison.Theirs.Count > 1)
        {
            tried.AddRange(comparison.Theirs.Select(way => new Attempt(way.How, Value(comparison, Measure(comparison, way)))));
            peer = comparison.Theirs[tried.IndexOf(tried.MinBy(attempt => attempt.Value)!)];
        }

        List<Measurement> ours = [];
        List<Measurement> theirs = [];
        int most = int.TryParse(Environment.GetEnvironmentVariable("DIARIST_PEERS_ROUNDS"), CultureInfo.InvariantCulture, out int given) && given > 0 ? given : int.MaxValue;
        for (int round = 0; round < Math.Min(comparison.Rounds, most); round++)
        {
            ours.Add(Measure(comparison, comparison.Ours));
            if (peer is not null)
            {
                theirs.Add(Measure(comparison, peer));
            }
        }

        Agreement? agreement = comparison.ComparesValues ? Start<Agreement>(null, "agree", comparison.Id) : null;
        if (agreement?.Cosine < 0.999999)
        {
            throw new InvalidOperationException($"{comparison.Id}: the two sides do not compute the same ({agreement})");
        }

        Score our = ScoreOf(comparison, "Diarist", comparison.Ours, ours);
        Score? their = peer is null ? null : ScoreOf(comparison, comparison.Peer, peer, theirs);
        double ratio = their is null ? 60 / our.Spread.Median : their.Spread.Median / our.Spread.Median;
        return new Row(comparison.Id, comparison.Title, comparison.Threads, comparison.Unit.Name, our, their, ratio, comparison.AtLeast, comparison.Aim, agreement, tried);
    }

    private NarrowRow WithNarrowVectors(Row row)
    {
        Comparison comparison = Comparison.Find(row.Id);
        return new NarrowRow(
            row.Title,
            row.Unit,
            [
                new Attempt("widest", row.Ours.Spread.Median),
                .. Widths.Select(width => new Attempt(width.Left, Value(comparison, Measure(comparison, comparison.Ours, width.Switch)))),
            ]);
    }

    private RecordingRow Record(Recording recording)
    {
        Measurement measurement = Measure(Comparison.Growth, Comparison.DiarizationOf(recording));
        return new RecordingRow(recording.Recipe.Name, recording.Minutes, measurement.SecondsPerItem, measurement.PeakMegabytes, measurement.Stages!);
    }

    private Dictionary<string, string> PeerVersions() => new()
    {
        ["ONNX Runtime"] = new OnnxRuntime(workspace.OnnxRuntimeLibrary).Version,
        ["sherpa-onnx"] = SherpaOnnx.Version(workspace.SherpaOnnxLibrary),
    };

    private static Score ScoreOf(Comparison comparison, string who, Contender contender, List<Measurement> measurements) => new(
        who,
        contender.How,
        [.. measurements.Select(measurement => Value(comparison, measurement))],
        Spread.Of(measurements.Select(measurement => measurement.PeakMegabytes)).Median,
        measurements[^1].ErrorRate);

    private static double Value(Comparison comparison, Measurement measurement) => measurement.SecondsPerItem * comparison.Unit.PerSecond;

    private Measurement Measure(Comparison comparison, Contender contender, string? switchedOff = null)
    {
        Measurement measurement = Start<Measurement>(switchedOff, "measure", comparison.Id, contender.Id);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{comparison.Id,-12} {contender.Id,-14} {Value(comparison, measurement),10:0.000} {comparison.Unit.Name,-12} {measurement.PeakMegabytes,6:0} MB {switchedOff}"));
        return measurement;
    }

    /// <summary>Starts this program once more, with a switch of the .NET runtime set to 0 where one is named, and reads what it prints.</summary>
    private T Start<T>(string? switchedOff, params ReadOnlySpan<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [.. arguments, workspace.Repository, workspace.Shared, workspace.Work])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = workspace.Repository,
        };
        if (switchedOff is not null)
        {
            start.Environment[switchedOff] = "0";
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"`{string.Join(' ', arguments)}` ended with code {process.ExitCode}");
        }

        return JsonSerializer.Deserialize<T>(output)!;
    }
}
