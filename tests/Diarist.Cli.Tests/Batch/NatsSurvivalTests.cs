using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>
/// Two workers and a cluster of three servers, of which one worker or one server is killed with SIGKILL again and again: every result is there once, with
/// the bytes of <c>diarize</c>. DIARIST_LONG=1 runs it; DIARIST_NATS_FILES, DIARIST_NATS_SECONDS (of each file) and DIARIST_NATS_MINUTES (of kills)
/// make it as long as docs/cluster.md says.
/// </summary>
public sealed class NatsSurvivalTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_result_is_there_once_while_workers_and_brokers_are_killed()
    {
        NatsCluster.Require();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DIARIST_LONG") == "1", "takes a minute or more; DIARIST_LONG=1 runs it");
        int files = Number("DIARIST_NATS_FILES", 60), seconds = Number("DIARIST_NATS_SECONDS", 3);
        var harm = TimeSpan.FromMinutes(Number("DIARIST_NATS_MINUTES", 10));

        // Few contents, each many times: a job is named by its id too, so none takes the result of another.
        string[] contents = [.. Enumerable.Range(0, Math.Min(files, 20)).Select(number => BatchFiles.Recording(_scratch, $"contents/{number}.wav", number, seconds))];
        string inputs = Path.Combine(_scratch.Path, "in"), output = Path.Combine(_scratch.Path, "out"), plain = Path.Combine(_scratch.Path, "plain");
        string[] ids = [.. Enumerable.Range(0, files).Select(number => string.Create(CultureInfo.InvariantCulture, $"{number}/{number % contents.Length}"))];
        foreach ((int number, string id) in ids.Index())
        {
            string copy = Path.Combine(inputs, id + ".wav");
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(contents[number % contents.Length], copy);
        }

        (await CliProcess.RunAsync(["diarize", .. contents, "-o", Directory.CreateDirectory(plain).FullName, "--format", "json,rttm", "-q"])).Succeeded();

        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 3);
        using var workers = new WorkerProcesses(cluster);
        using Process submit = CliProcess.Start(["submit", inputs, "-o", output, "--format", "json,rttm", "-q", .. WorkerProcesses.Queue(cluster)]);
        try
        {
            Task<string> said = submit.StandardError.ReadToEndAsync();
            long began = Stopwatch.GetTimestamp();
            workers.Start();
            workers.Start();
            using var over = new CancellationTokenSource(harm);
            Task ended = submit.WaitForExitAsync();
            int longest = files < 100 ? 12_000 : 30_000;
            Task<int> workersKilled = KillWorkersAsync(workers, longest, ended, over.Token), serversKilled = KillServersAsync(cluster, longest, ended, over.Token);
            int[] kills = await Task.WhenAll(workersKilled, serversKilled);
            await ended;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{files} files of {seconds} s: {kills[0]} workers and {kills[1]} servers killed, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s in all");
            Assert.True(submit.ExitCode == 0, await said);
            Assert.True(kills.All(count => count > 0), "nothing was killed");
        }
        finally
        {
            if (!submit.HasExited)
            {
                submit.Kill();
            }
        }

        foreach (string id in ids)
        {
            foreach (string extension in (string[])[".json", ".rttm"])
            {
                Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(plain, Path.GetFileName(id) + extension)), await File.ReadAllBytesAsync(Path.Combine(output, id + extension)));
            }
        }

        // Nothing is left over, nothing is there twice: in the folder, in its log, and with every server.
        Assert.Equal(2 * files, Directory.GetFiles(output, "*", SearchOption.AllDirectories).Count(file => !file.Contains("/.diarist/", StringComparison.Ordinal)));
        Assert.Equal(files, BatchFiles.Events(output, "done"));
        for (int node = 0; node < cluster.Nodes; node++)
        {
            await cluster.HoldAsync(node, ("diarist-jobs", 0), ("diarist-results", files), ("diarist-dead", 0));
        }
    }

    private static async Task<int> KillWorkersAsync(WorkerProcesses workers, int longest, Task ended, CancellationToken over)
    {
        var random = new Random(26);
        int kills = 0;
        while (await PauseAsync(random, longest, ended, over))
        {
            workers.Replace(random.Next(workers.Count));
            kills++;
        }

        return kills;
    }

    // One server at a time: the next is killed once the last has all that the others have.
    private static async Task<int> KillServersAsync(NatsCluster cluster, int longest, Task ended, CancellationToken over)
    {
        var random = new Random(27);
        int kills = 0;
        while (await PauseAsync(random, longest, ended, over))
        {
            int node = random.Next(cluster.Nodes);
            cluster.Kill(node);
            kills++;
            await Task.Delay(random.Next(200, 3000), CancellationToken.None);
            cluster.Start(node);
            await cluster.BecomeHealthyAsync(node);
        }

        return kills;
    }

    // Three seconds at least; false once there is nothing more to disturb.
    private static async Task<bool> PauseAsync(Random random, int longest, Task ended, CancellationToken over)
    {
        await Task.WhenAny(ended, Task.Delay(random.Next(3000, longest), over));
        return !ended.IsCompleted && !over.IsCancellationRequested;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
