using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>A server that hands its jobs to the workers of a queue.</summary>
public sealed class ServerQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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
        using (var term = Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await term.WaitForExitAsync();
        }

        await worker.WaitForExitAsync().WaitAsync(Patience);
        string text = await said;
        Assert.DoesNotContain(first, text);
        Assert.Contains($"{second}: session in", text);
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
