using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Workers on NATS JetStream: every result once and with the bytes of one machine, whoever is killed meanwhile.</summary>
public sealed class NatsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _scratch = new();
    private readonly List<Process> _workers = [];
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process worker in _workers.Concat(_processes))
        {
            if (!worker.HasExited)
            {
                worker.Kill(entireProcessTree: true);
            }

            worker.Dispose();
        }

        _scratch.Dispose();
    }

    private string In => Path.Combine(_scratch.Path, "in");

    private string Out => Path.Combine(_scratch.Path, "out");

    [Fact]
    public async Task Every_result_is_there_once_while_workers_and_brokers_are_killed()
    {
        NatsCluster.Require();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");

        // DIARIST_NATS_FILES, DIARIST_NATS_SECONDS: a longer run, such as 1000 files of 60 s (docs/cluster.md).
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DIARIST_LONG") == "1", "takes a minute or more; DIARIST_LONG=1 runs it");
        int files = Number("DIARIST_NATS_FILES", 60);
        int seconds = Number("DIARIST_NATS_SECONDS", 3);
        foreach (int number in Enumerable.Range(0, files))
        {
            BatchFiles.Recording(_scratch, $"in/{number % 5}/{number}.wav", number % 29, seconds);
        }

        string whole = Path.Combine(_scratch.Path, "whole");
        (await CliProcess.RunAsync("batch", In, "-o", whole, "--format", "json,rttm")).Succeeded();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 3);
        Process submit = CliProcess.Start(["submit", In, "-o", Out, "--format", "json,rttm", .. Queue(cluster)]);
        _processes.Add(submit);
        Task<string> said = submit.StandardError.ReadToEndAsync();
        for (int i = 0; i < 2; i++)
        {
            _workers.Add(StartWorker(cluster));
        }

        // Again and again a worker and a broker are killed together, once the last broker is whole again, until all results are there.
        var random = new Random(26);
        int kills = 0, every = files < 100 ? 6 : 20, next = every;
        while (!submit.HasExited)
        {
            if (Done() < next)
            {
                await Task.Delay(50);
                continue;
            }

            int victim = random.Next(_workers.Count), node = kills++ % cluster.Nodes;
            _workers[victim].Kill();
            cluster.Kill(node);
            await Task.Delay(500);
            cluster.Start(node);
            await cluster.BecomeHealthyAsync(node);
            _workers[victim].Dispose();
            _workers[victim] = StartWorker(cluster);
            next = Done() + every;
        }

        await submit.WaitForExitAsync();
        Assert.True(submit.ExitCode == 0, await said);
        Assert.True(kills > 0, "nothing was killed");
        BatchFiles.AssertSame(whole, Out);
        Assert.Equal(files, BatchFiles.Events(Out, "done"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{files} results, {kills} workers and brokers killed");

        int Done() => Directory.Exists(Path.Combine(Out, ".diarist", "runs")) ? BatchFiles.Events(Out, "done") : 0;
    }

    [Fact]
    public async Task A_recording_that_is_split_over_workers_has_the_bytes_of_one_machine()
    {
        NatsCluster.Require();
        string path = BatchFiles.Recording(_scratch, "in/long.wav", 0, 88);
        BatchFiles.Recording(_scratch, "in/short.wav", 3, 5);
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        for (int i = 0; i < 2; i++)
        {
            _workers.Add(StartWorker(cluster));
        }

        (await CliProcess.RunAsync(["submit", In, "-o", Out, "--format", "json,rttm", "--split", "0.5", .. Queue(cluster)])).Succeeded();
        Assert.Equal(6, BatchFiles.Events(Out, "step"));
        string whole = Path.Combine(_scratch.Path, "whole");
        (await CliProcess.RunAsync("batch", In, "-o", whole, "--format", "json,rttm")).Succeeded();
        BatchFiles.AssertSame(whole, Out);
        Assert.Contains("one signal", (await CliProcess.RunAsync("submit", path, "-o", Out, "--channels", "separate", "--split", "1")).Failed(2));
    }

    [Fact]
    public async Task Recordings_that_crash_hang_or_eat_memory_are_dead_letters_after_three_tries_and_a_worker_drains_after_SIGTERM()
    {
        NatsCluster.Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        string good = BatchFiles.Recording(_scratch, "in/good.wav", 0, 5);
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        Process worker = StartWorker(cluster, ["--timeout", "2", "--memory", "1200M"], ("PATH", PoisonFiles.Write(_scratch)));
        _workers.Add(worker);
        CliResult submit = await CliProcess.RunAsync(["submit", In, "-o", Out, "--shared", .. Queue(cluster)]);
        Assert.True(submit.ExitCode == 8, submit.Error);
        PoisonFiles.AssertLeftAlone(Out, "2 s");
        string alone = Path.Combine(_scratch.Path, "alone.json");
        (await CliProcess.RunAsync("diarize", good, "-o", alone)).Succeeded();
        Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(Path.Combine(Out, "good.json")));

        using (var term = Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await term.WaitForExitAsync();
        }

        await worker.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(143, worker.ExitCode);
    }

    [Fact]
    public async Task Without_a_broker_that_is_said()
    {
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 2);
        CliResult result = await CliProcess.RunAsync("submit", In, "-o", Out, "--nats", "nats://127.0.0.1:1");
        Assert.Contains("the queue cannot be used", result.Failed(3));
    }

    private static string[] Queue(NatsCluster cluster) => ["--nats", cluster.Url, "--ack-wait", "3", "--replicas", cluster.Nodes.ToString(CultureInfo.InvariantCulture)];

    private static Process StartWorker(NatsCluster cluster, string[]? options = null, params (string, string)[] environment)
    {
        Process worker = CliProcess.Start(["worker", "--jobs", "1", "--threads", "1", .. options ?? [], .. Queue(cluster)], null, environment);
        worker.BeginErrorReadLine();
        worker.BeginOutputReadLine();
        return worker;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
