using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Recordings that crash, hang or eat memory, and runs that are killed: the others lose nothing, and nothing is done twice.</summary>
public sealed class BatchFaultTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public BatchFaultTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals and /proc");

    public void Dispose() => _scratch.Dispose();

    private string In => Path.Combine(_scratch.Path, "in");

    private string Out => Path.Combine(_scratch.Path, "out");

    [Fact]
    public async Task Recordings_that_crash_hang_or_eat_memory_are_left_alone_after_three_tries_and_the_rest_is_done()
    {
        foreach (int number in Enumerable.Range(0, 4))
        {
            BatchFiles.Recording(_scratch, $"in/{number}.wav", 5 * number, 4);
        }

        string path = PoisonFiles.Write(_scratch);
        CliResult run = await CliProcess.RunAsync(["batch", In, "-o", Out, "--memory", "600M", "--jobs", "2"], null, default, ("PATH", path));
        Assert.True(run.ExitCode == 8, run.Error);
        Assert.Equal(4, BatchFiles.Events(Out, "done"));
        Assert.Equal(4, Directory.GetFiles(Out, "*.json").Length);
        PoisonFiles.Add(_scratch, PoisonFiles.Hanging);
        Assert.Equal(8, (await CliProcess.RunAsync(["batch", In, "-o", Out, "--timeout", "1"], null, default, ("PATH", path))).ExitCode);
        PoisonFiles.AssertLeftAlone(Out, "1 s");

        // Another run leaves them alone.
        Assert.Equal(8, (await CliProcess.RunAsync("batch", In, "-o", Out)).ExitCode);
        Assert.Equal(9, BatchFiles.Events(Out, "failed"));
    }

    [Fact]
    public async Task A_batch_that_is_killed_again_and_again_ends_with_the_folder_of_one_run_and_repeats_only_what_was_at_work()
    {
        // DIARIST_LONG=1 kills as often as the documentation says.
        int kills = Environment.GetEnvironmentVariable("DIARIST_LONG") == "1" ? 20 : 5;
        int recordings = 3 * kills;
        foreach (int number in Enumerable.Range(0, recordings))
        {
            BatchFiles.Recording(_scratch, $"in/{number % 4}/{number}.wav", number, 5);
        }

        string whole = Path.Combine(_scratch.Path, "whole");
        (await CliProcess.RunAsync("batch", In, "-o", whole, "--format", "json,rttm")).Succeeded();
        var random = new Random(26);
        string[] arguments = ["batch", In, "-o", Out, "--format", "json,rttm", "--jobs", "2", "--grace", "0.2"];
        for (int kill = 0; kill < kills; kill++)
        {
            // Killed once it has begun a number of recordings that chance says, with or without warning.
            using Process batch = CliProcess.Start(arguments);
            int until = Begun() + random.Next(1, 5);
            while (!batch.HasExited && Begun() < until)
            {
                await Task.Delay(5);
            }

            if (random.Next(2) == 0)
            {
                batch.Kill();
            }
            else
            {
                using var term = Process.Start("kill", ["-TERM", batch.Id.ToString(CultureInfo.InvariantCulture)]);
            }

            await batch.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        (await CliProcess.RunAsync(arguments)).Succeeded();
        BatchFiles.AssertSame(whole, Out);
        TestContext.Current.TestOutputHelper?.WriteLine($"{recordings} recordings, {kills} interruptions: {Begun()} were begun, {BatchFiles.Events(Out, "done")} ended");

        // Nothing is begun twice but what was at work when the batch was interrupted.
        Assert.InRange(Begun(), recordings, recordings + (2 * kills));

        int Begun() => Directory.Exists(Path.Combine(Out, ".diarist", "runs")) ? BatchFiles.Events(Out, "started") : 0;
    }

    [Fact]
    public async Task After_SIGTERM_recordings_at_work_may_end_and_nothing_new_is_begun()
    {
        foreach (int number in Enumerable.Range(0, 30))
        {
            BatchFiles.Recording(_scratch, $"in/{number}.wav", number, 6);
        }

        using Process batch = CliProcess.Start(["batch", In, "-o", Out, "--jobs", "2", "--grace", "60"]);
        Task<string> said = batch.StandardError.ReadToEndAsync();
        string runs = Path.Combine(Out, ".diarist", "runs");
        while (!batch.HasExited && (!Directory.Exists(runs) || BatchFiles.Events(Out, "started") < 2))
        {
            await Task.Delay(10);
        }

        using (var term = Process.Start("kill", ["-TERM", batch.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await term.WaitForExitAsync();
        }

        await batch.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(143, batch.ExitCode);
        Assert.Contains("diarist: cancelled", await said);
        Assert.Equal(BatchFiles.Events(Out, "started"), BatchFiles.Events(Out, "done"));
        Assert.InRange(BatchFiles.Events(Out, "done"), 2, 29);
        Assert.Equal(0, BatchFiles.Events(Out, "abandoned"));
    }
}
