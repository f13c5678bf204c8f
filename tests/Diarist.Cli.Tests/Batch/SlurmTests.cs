using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>The sbatch file of samples/cluster on Slurm: tasks that are killed and requeued leave the folder of one undisturbed run.</summary>
public sealed class SlurmTests : IDisposable
{
    private const int Parts = 4;
    private const int Recordings = 24;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task An_array_of_which_tasks_are_killed_and_requeued_does_everything_once()
    {
        SlurmCluster.Require();
        foreach (int number in Enumerable.Range(0, Recordings))
        {
            BatchFiles.Recording(_scratch, $"in/{number % 3}/{number}.wav", number, 4);
        }

        string source = Path.Combine(_scratch.Path, "in"), results = Path.Combine(_scratch.Path, "out"), whole = Path.Combine(_scratch.Path, "whole");
        await using SlurmCluster cluster = await SlurmCluster.StartAsync(_scratch);
        string tool = $"dotnet {Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll")}";
        string script = Path.Combine(Repository.Root, "samples", "cluster", "batch.sbatch");
        using (Process sbatch = cluster.Start(
            "sbatch", ["--parsable", $"--array=1-{Parts}", "--cpus-per-task=1", $"--chdir={AppContext.BaseDirectory}", $"--output={_scratch.Path}/task-%a.log", script], ("SOURCE", source), ("RESULTS", results), ("DIARIST", tool)))
        {
            Assert.Equal("1", (await sbatch.StandardOutput.ReadToEndAsync()).Trim());
        }

        // Two tasks are requeued by Slurm, which sends SIGTERM; one is killed without warning, has failed, and is requeued then.
        await SlurmCluster.Until(() => Task.FromResult(Begun(results, 1) && Begun(results, 2) && Begun(results, 3)), "the tasks");
        await cluster.RunAsync("scontrol", "requeue", "1_1");
        await cluster.RunAsync("scontrol", "requeue", "1_2");
        using (var kill = Process.Start("kill", ["-9", ProcessOf(results, 3).ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        // Slurm may refuse or forget it while it still cleans up after the task, so it is said until the task has begun again.
        await SlurmCluster.Until(
            async () =>
            {
                string state = await cluster.RunAsync("squeue", "-h", "-t", "all", "-j", "1_3", "-o", "%T %r");
                if (Logs(results, 3).Count() > 1)
                {
                    return true;
                }

                if (state.StartsWith("FAILED", StringComparison.Ordinal) || state.StartsWith("COMPLETED", StringComparison.Ordinal))
                {
                    await cluster.RunAsync("scontrol", "requeue", "1_3");
                }
                else if (state.Contains("BeginTime", StringComparison.Ordinal))
                {
                    await cluster.RunAsync("scontrol", "update", "JobId=1_3", "StartTime=now");
                }

                return false;
            },
            "the second start of the killed task");
        await cluster.FinishAsync();

        string logs = string.Join('\n', Directory.GetFiles(_scratch.Path, "task-*.log").Select(File.ReadAllText));
        Assert.True(BatchFiles.Events(results, "run") == Parts + 3, logs);
        (await CliProcess.RunAsync("batch", source, "-o", whole)).Succeeded();
        BatchFiles.AssertSame(whole, results);
        Assert.InRange(BatchFiles.Events(results, "started"), Recordings, Recordings + 3);
    }

    private static IEnumerable<string> Logs(string results, int part) =>
        Directory.Exists(Path.Combine(results, ".diarist", "runs")) ? Directory.EnumerateFiles(Path.Combine(results, ".diarist", "runs"), $"*-{part}of{Parts}.jsonl") : [];

    private static bool Begun(string results, int part) => Logs(results, part).Any(log => File.ReadAllText(log).Contains("\"event\":\"started\"", StringComparison.Ordinal));

    // The log's name ends with process-part.
    private static int ProcessOf(string results, int part) => int.Parse(Path.GetFileName(Logs(results, part).Single()).Split('-')[2], CultureInfo.InvariantCulture);
}
