using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;
using Diarist.Jobs;

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
        string path = PoisonFiles.Write(_scratch);
        string metrics = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{NatsCluster.FreePorts(1)[0]}/");
        Process worker = workers.Start(["--memory", "600M", "--metrics", metrics], ("PATH", path));
        string[] arguments = ["submit", In, "-o", Out, "--shared", .. WorkerProcesses.Queue(cluster)];
        CliResult submit = await CliProcess.RunAsync(arguments);
        Assert.True(submit.ExitCode == 8, submit.Error);

        // The worker counts a job after it has handed in its end.
        string[] lines = ["diarist_jobs_done_total 1\n", "diarist_jobs_failed_total 6\n", "diarist_jobs_dead_total 2\n", "diarist_audio_seconds_total 5\n", "diarist_queue_jobs 0\n"];
        using (var http = new HttpClient())
        {
            string counts = "";
            for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !lines.All(counts.Contains); await Task.Delay(50))
            {
                Assert.True(Environment.TickCount64 < end, counts);
                counts = await http.GetStringAsync(new Uri(metrics));
            }
        }

        string alone = Path.Combine(_scratch.Path, "alone.json");
        (await CliProcess.RunAsync("diarize", good, "-o", alone)).Succeeded();
        Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(Path.Combine(Out, "good.json")));

        await WorkerProcesses.EndAsync(worker);
        Assert.Equal(143, worker.ExitCode);
        workers.Start(["--timeout", "1"], ("PATH", path));
        PoisonFiles.Add(_scratch, PoisonFiles.Hanging);
        Assert.Equal(8, (await CliProcess.RunAsync(arguments)).ExitCode);
        PoisonFiles.AssertLeftAlone(Out, "1 s");
        await cluster.HoldAsync(0, ("diarist-jobs", 0), ("diarist-results", 1), ("diarist-dead", 3));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_gives_back_what_it_has_or_ends_it_within_its_grace()
    {
        NatsCluster.Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals and /proc");
        string recording = BatchFiles.Recording(_scratch, "in/a.wav", 0, 20);
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using var workers = new WorkerProcesses(cluster);
        Task<CliResult> submit = CliProcess.RunAsync(["submit", In, "-o", Out, .. WorkerProcesses.Queue(cluster)]);

        // A worker has a process for the work once it has a job.
        Process first = workers.Start(["--grace", "0"]);
        await WorkerProcesses.BeAtWorkAsync(first);
        await WorkerProcesses.EndAsync(first);
        Assert.Equal(143, first.ExitCode);
        await cluster.HoldAsync(0, ("diarist-jobs", 1), ("diarist-results", 0), ("diarist-failures", 0));

        Process second = workers.Start(["--grace", "300"]);
        await WorkerProcesses.BeAtWorkAsync(second);
        await WorkerProcesses.EndAsync(second);
        Assert.Equal(143, second.ExitCode);
        (await submit).Succeeded();
        string alone = Path.Combine(_scratch.Path, "alone.json");
        (await CliProcess.RunAsync("diarize", recording, "-o", alone)).Succeeded();
        Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(Path.Combine(Out, "a.json")));
    }

    [Fact]
    public async Task No_more_jobs_are_under_way_than_the_window_and_none_goes_into_a_queue_that_is_full()
    {
        NatsCluster.Require();
        foreach (int number in Enumerable.Range(0, 6))
        {
            BatchFiles.Recording(_scratch, $"in/{number}.wav", number, 2);
        }

        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using var workers = new WorkerProcesses(cluster);
        workers.Start();
        (await CliProcess.RunAsync(["submit", In, "-o", Out, "--window", "2", .. WorkerProcesses.Queue(cluster)])).Succeeded();
        int underWay = 0, most = 0;
        foreach (string line in File.ReadLines(Directory.GetFiles(Path.Combine(Out, ".diarist", "runs")).Single()))
        {
            underWay += line.Contains("\"submitted\"", StringComparison.Ordinal) ? 1 : line.Contains("\"done\"", StringComparison.Ordinal) ? -1 : 0;
            most = Math.Max(most, underWay);
        }

        Assert.Equal(0, underWay);
        Assert.InRange(most, 1, 2);

        await using JobQueue queue = await JobQueue.ConnectAsync(new JobQueueOptions { Url = cluster.Url, Queue = "small", MostWaiting = 2 }, create: true, CancellationToken.None);
        Task SubmitAsync(string name) => queue.SubmitAsync(new Job { Name = name, Id = "id", Key = "key", Arguments = [], Recording = "{}", FileName = "a.wav" }, again: false, CancellationToken.None);
        await SubmitAsync("first");
        await SubmitAsync("second");
        Task third = SubmitAsync("third");
        await Task.WhenAny(third, Task.Delay(500, CancellationToken.None));
        Assert.False(third.IsCompleted);
        await using (JobLease? lease = await queue.TakeAsync(Patience, CancellationToken.None))
        {
            await lease!.DropAsync(CancellationToken.None);
        }

        await third.WaitAsync(Patience);
    }

    [Fact]
    public async Task Without_a_broker_that_is_said()
    {
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 2);
        CliResult result = await CliProcess.RunAsync("submit", In, "-o", Out, "--nats", "nats://127.0.0.1:1");
        Assert.Contains("the queue cannot be used", result.Failed(3));
    }
}
