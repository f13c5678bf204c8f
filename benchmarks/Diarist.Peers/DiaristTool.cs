using System.Diagnostics;
using System.Globalization;

namespace Diarist.Peers;

/// <summary>The tool as a user starts it, from the start of its process to the end.</summary>
internal sealed class DiaristTool(Workspace workspace, int minutes, int threads) : IWorkload
{
    private double _peakBytes;

    /// <summary>Seconds of audio: the inverse of what comes out is × real time.</summary>
    public double Items => minutes * 60;

    public bool RunsOnce => true;

    public double PeakMegabytes => _peakBytes / 1e6;

    public void Run()
    {
        string output = Path.Combine(workspace.Work, "turns.rttm");
        string[] arguments =
        [
            "diarize", workspace.Conversation(minutes), "--threads", threads.ToString(CultureInfo.InvariantCulture),
            "--format", "rttm", "--output", output, "--quiet",
        ];
        File.Delete(output);
        using Process process = Process.Start(new ProcessStartInfo(workspace.Tool, arguments))!;
        while (!process.WaitForExit(50))
        {
            process.Refresh();
            _peakBytes = Math.Max(_peakBytes, process.PeakWorkingSet64);
        }

        if (process.ExitCode != 0 || !File.Exists(output))
        {
            throw new InvalidOperationException($"the tool ended with code {process.ExitCode}");
        }
    }

    public void Dispose()
    {
    }
}
