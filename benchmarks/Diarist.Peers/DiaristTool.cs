using System.Diagnostics;
using System.Globalization;
using Diarist.Formats;

namespace Diarist.Peers;

/// <summary>The tool as a user starts it, from the start of its process to the end.</summary>
/// <param name="workspace">Where it lies.</param>
/// <param name="minutes">The length of the recording.</param>
/// <param name="threads">Threads.</param>
/// <param name="withoutVnni">Whether to run in single precision on 256-bit vectors, as on a processor with AVX2 only.</param>
/// <param name="fast">Whether to take the fast speed.</param>
internal sealed class DiaristTool(Workspace workspace, int minutes, int threads, bool withoutVnni = false, bool fast = false) : IWorkload
{
    private double _peakBytes;

    /// <summary>Seconds of audio: the inverse of what comes out is × real time.</summary>
    public double Items => minutes * 60;

    public bool RunsOnce => true;

    public double? ErrorRate { get; private set; }

    public double PeakMegabytes => _peakBytes / 1e6;

    public void Run()
    {
        string output = Path.Combine(workspace.Work, "turns.rttm");
        string[] arguments =
        [
            "diarize", workspace.Conversation(minutes), "--threads", threads.ToString(CultureInfo.InvariantCulture),
            "--format", "rttm", "--output", output, "--quiet", .. withoutVnni ? (string[])["--precision", "float32"] : [], .. fast ? (string[])["--speed", "fast"] : [],
        ];
        File.Delete(output);
        var start = new ProcessStartInfo(workspace.Tool, arguments);
        if (withoutVnni)
        {
            start.Environment["DOTNET_EnableAVX512"] = "0";
        }

        using Process process = Process.Start(start)!;
        while (!process.WaitForExit(50))
        {
            try
            {
                process.Refresh();
                _peakBytes = Math.Max(_peakBytes, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException) when (process.HasExited)
            {
                // It ended after the wait and before the question.
            }
        }

        if (process.ExitCode != 0 || !File.Exists(output))
        {
            throw new InvalidOperationException($"the tool ended with code {process.ExitCode}");
        }

        using var turns = new StreamReader(output);
        ErrorRate = workspace.ErrorRate(minutes, Rttm.Read(turns, output)[0].Turns);
    }

    public void Dispose()
    {
    }
}
