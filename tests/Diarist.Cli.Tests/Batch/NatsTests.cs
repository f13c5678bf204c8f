using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Workers on NATS JetStream: long recordings in parts, recordings that do harm, and no server at all.</summary>
public sealed class NatsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string In => Path.Combine(_scratch.Path, "in");

    private string Out => Path.Combine(_scratch.Path, "out");

    [Fact]
    public async Task A_recording_that_is_split_over_workers_has_the_bytes_of_one_machine()
    {
        NatsCluster.Require();
        string path = BatchFiles.Recording(_scratch, "in/long.wav", 0, 88);
        BatchFiles.Recording(_scratch, "in/short.wav", 3, 5);
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using var workers = new WorkerProcesses(cluster);
        workers.Start();
        workers.Start();
        (await CliProcess.RunAsync(["submit", In, "-o", Out, "--format", "json,rttm", "--split", "0.5", .. WorkerProcesses.Queue(cluster)])).Succeeded();
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
        using var workers = new WorkerProcesses(cluster);
        Process worker = workers.Start(["--timeout", "2", "--memory", "1200M"], ("PATH", PoisonFiles.Write(_scratch)));
        CliResult submit = await CliProcess.RunAsync(["submit", In, "-o", Out, "--shared", .. WorkerProcesses.Queue(cluster)]);
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
}
