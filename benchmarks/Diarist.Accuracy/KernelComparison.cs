using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Voxsv;

namespace Diarist.Accuracy;

/// <summary>
/// What instruction sets and threads do to results and speed. Each setting runs in a process of its own, because the runtime
/// decides once which instructions a processor has.
/// </summary>
internal static class KernelComparison
{
    private static readonly (string Title, string? Variable, int Threads)[] Settings =
    [
        ("all instruction sets", null, 1),
        ("the same, two threads", null, 2),
        ("without AVX-512", "DOTNET_EnableAVX512", 1),
        ("without AVX2", "DOTNET_EnableAVX2", 1),
        ("without any vector instructions", "DOTNET_EnableHWIntrinsic", 1),
    ];

    /// <summary>What one process found.</summary>
    /// <param name="Width">The widest vectors in use.</param>
    /// <param name="Der">Pooled diarization error rate of each set in percent, collar 0, overlap scored.</param>
    /// <param name="Turns">A hash of all turns.</param>
    /// <param name="RealTime">Seconds of audio for each second of processor time in the networks.</param>
    public sealed record Outcome(string Width, IReadOnlyList<double> Der, string Turns, double RealTime);

    /// <summary>Runs all settings and writes a Markdown table.</summary>
    public static string Table(string repository)
    {
        var table = new StringBuilder("| | vectors | DER, AMI excerpts | DER, mixtures | same turns | × real time, one thread |\n|---|---|---|---|---|---|\n");
        Outcome? first = null;
        foreach ((string title, string? variable, int threads) in Settings)
        {
            Outcome outcome = Start(repository, variable, threads);
            first ??= outcome;
            Console.Error.WriteLine($"{title}: {outcome}");
            table.AppendLine(CultureInfo.InvariantCulture, $"| {title}{(variable is null ? "" : $" (`{variable}=0`)")} | {outcome.Width} | {outcome.Der[0]:0.000} % | {outcome.Der[1]:0.000} % | {(outcome.Turns == first.Turns ? "yes" : "no")} | {(threads == 1 ? outcome.RealTime.ToString("0.0", CultureInfo.InvariantCulture) : "")} |");
        }

        return table.ToString();
    }

    /// <summary>Scores the sets in this process, with whatever instructions it was left.</summary>
    public static Outcome Measure(string shared, int threads)
    {
        var audio = new DevelopmentAudio(shared);
        var evaluation = new Evaluation(
            PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx")),
            VoxsvThinResNet.Load(Path.Combine(shared, "packs/voxsv-thinresnet/voxsv-thinresnet.safetensors")), threads);
        var options = new DiarizerOptions { Recipe = Recipes.SmallEmbedder };
        using var turns = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rates = new List<double>();
        double seconds = 0;
        TimeSpan busy = TimeSpan.Zero;
        foreach (RecordingSet set in (RecordingSet[])[audio.Ami(), DevelopmentAudio.Short("mixtures", audio.Unseen, seed: 77, count: 6)])
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            IReadOnlyList<HeardRecording> heard = evaluation.Listen(set);
            busy += Process.GetCurrentProcess().TotalProcessorTime - before;
            seconds += set.Recordings.Sum(recording => recording.Seconds);
            rates.Add(100 * evaluation.Score(heard, options).Strict.Rate);
            foreach (Turn turn in heard.SelectMany(recording => evaluation.Turns(recording, options)))
            {
                turns.AppendData(Encoding.UTF8.GetBytes(turn.ToString()));
            }
        }

        return new Outcome(LaneWidths.Widest.ToString(), rates, Convert.ToHexStringLower(turns.GetHashAndReset()), seconds / busy.TotalSeconds);
    }

    private static Outcome Start(string repository, string? variable, int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["kernels-once", repository, threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        if (variable is not null)
        {
            start.Environment[variable] = "0";
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Outcome>(output)! : throw new InvalidOperationException($"A run with {variable ?? "everything"} ended with code {process.ExitCode}.");
    }
}
