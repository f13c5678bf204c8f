using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>A server that hands its jobs to the workers of a queue.</summary>
public sealed class ServerQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _scratch = new();
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        _scratch.Dispose();
    }

    [Fact]
    public async Task Recordings_of_a_server_are_done_by_workers_and_a_recording_that_is_cancelled_is_taken_back()
    {
        NatsCluster.Require();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using HttpClient queued = await ServeAsync("queued", "--queue", cluster.Url);
        using HttpClient alone = await ServeAsync("alone");
        string recording = BatchFiles.Recording(_scratch, "a.wav", 0, 30);

        // Nobody works yet: what is cancelled now waits in the queue, and a worker that comes later finds nothing of it.
        string first = await UploadAsync(queued, recording);
        await WaitAsync(queued, first, job => (string?)job["state"] == "running");
        (await queued.PostAsync(new Uri($"api/recordings/{first}/cancel", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await WaitAsync(queued, first, job => (string?)job["state"] == "cancelled");
        string second = await UploadAsync(queued, recording);
        Process worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", cluster.Url, "-v"]);
        _processes.Add(worker);
        Task<string> said = worker.StandardError.ReadToEndAsync();
        await WaitAsync(queued, second, job => (string?)job["state"] == "done");
        string here = await UploadAsync(alone, recording);
        await WaitAsync(alone, here, job => (string?)job["state"] == "done");
        Assert.Equal(await RttmAsync(alone, here), await RttmAsync(queued, second));
        await WorkerProcesses.EndAsync(worker);
        string text = await said;
        Assert.DoesNotContain(first, text);
        Assert.Contains($"{second}: session in", text);
    }

    [Fact]
    public async Task How_far_a_worker_is_is_told_and_it_stops_when_the_recording_is_cancelled()
    {
        NatsCluster.Require();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using HttpClient server = await ServeAsync("data", "--queue", cluster.Url);
        Process worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", cluster.Url, "-v"]);
        _processes.Add(worker);
        Task<string> said = worker.StandardError.ReadToEndAsync();

        // Half an hour: far more than a worker does before it is seen to be at work.
        string first = await UploadAsync(server, BatchFiles.Recording(_scratch, "long.wav", 0, 60, times: 30));
        double told = 0;
        await WaitAsync(server, first, job => (string?)job["stage"] == "listening" && (told = (double?)job["progress"] ?? 0) > 0);
        Assert.InRange(told, 0, 1);
        (await server.PostAsync(new Uri($"api/recordings/{first}/cancel", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await WaitAsync(server, first, job => (string?)job["state"] == "cancelled");

        // The worker's one place is free again, and nothing of the first recording is left.
        string second = await UploadAsync(server, BatchFiles.Recording(_scratch, "short.wav", 0, 10));
        await WaitAsync(server, second, job => (string?)job["state"] == "done");
        await cluster.HoldAsync(0, ("diarist-jobs", 0), ("diarist-results", 0), ("diarist-dead", 0), ("diarist-failures", 0));
        await WorkerProcesses.EndAsync(worker);
        string text = await said;
        Assert.DoesNotContain($"{first}: session in", text);
        Assert.Contains($"{second}: session in", text);
    }

    [Fact]
    public async Task A_server_that_starts_again_finds_its_recordings_in_the_queue()
    {
        NatsCluster.Require();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        string recording = BatchFiles.Recording(_scratch, "a.wav", 0, 30);
        string id, waiting;
        using (HttpClient first = await ServeAsync("data", "--queue", cluster.Url))
        {
            id = await UploadAsync(first, recording);
            waiting = await UploadAsync(first, BatchFiles.Recording(_scratch, "b.wav", 20, 20));
            await cluster.HoldAsync(0, ("diarist-jobs", 2));
            await WorkerProcesses.EndAsync(_processes[^1]);
        }

        // What waits is not taken back when the server ends; the second one is killed while nobody has worked yet, and the work is done while there is none.
        using (await ServeAsync("data", "--queue", cluster.Url))
        {
            await cluster.HoldAsync(0, ("diarist-jobs", 2));
            _processes[^1].Kill();
        }

        Process worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", cluster.Url, "-v"]);
        _processes.Add(worker);
        Task<string> said = worker.StandardError.ReadToEndAsync();
        await cluster.HoldAsync(0, ("diarist-jobs", 0), ("diarist-results", 2));
        using HttpClient last = await ServeAsync("data", "--queue", cluster.Url);
        await WaitAsync(last, id, job => (string?)job["state"] == "done");
        await WaitAsync(last, waiting, job => (string?)job["state"] == "done");
        using HttpClient alone = await ServeAsync("alone");
        string here = await UploadAsync(alone, recording);
        await WaitAsync(alone, here, job => (string?)job["state"] == "done");
        Assert.Equal(await RttmAsync(alone, here), await RttmAsync(last, id));
        await WorkerProcesses.EndAsync(worker);
        Assert.Equal(2, (await said).Split(": session in").Length - 1);
    }

    private static async Task<string> RttmAsync(HttpClient server, string id) => await server.GetStringAsync(new Uri($"api/recordings/{id}/export?format=rttm", UriKind.Relative));

    private static async Task<string> UploadAsync(HttpClient server, string path)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        content.Headers.ContentType = new("audio/wav");
        using HttpResponseMessage response = await server.PostAsync(new Uri("api/recordings?name=a.wav", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!;
    }

    private static async Task WaitAsync(HttpClient server, string id, Func<JsonNode, bool> holds)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; ; await Task.Delay(50))
        {
            string job = await server.GetStringAsync(new Uri($"api/recordings/{id}", UriKind.Relative));
            if (holds(JsonNode.Parse(job)!))
            {
                return;
            }

            Assert.True(Environment.TickCount64 < end, job);
        }
    }

    private async Task<HttpClient> ServeAsync(string name, params string[] options)
    {
        Process server = CliProcess.Start(["serve", "--listen", "127.0.0.1:0", "--data", Path.Combine(_scratch.Path, name), .. options]);
        _processes.Add(server);
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("serving at ", StringComparison.Ordinal))
            {
                _ = server.StandardError.ReadToEndAsync();
                return new HttpClient { BaseAddress = new Uri(line.Split("serving at ")[1].Split(';')[0] + "/"), Timeout = Patience };
            }

            Assert.DoesNotContain("diarist: ", line);
        }

        throw new InvalidOperationException("the server did not start");
    }
}
