using System.Net;
using System.Text.Json;
using Diarist.Cli.Queue;
using Diarist.Cli.Tests.Support;
using Diarist.Jobs;
using Diarist.TestSupport;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Recordings that workers fetch by HTTP: the bytes of a batch, and nothing from where no worker may look.</summary>
public sealed class FetchTests : IDisposable
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_scratch.Path, "target");

    [Fact]
    public async Task Recordings_behind_a_prefix_have_the_result_of_a_batch_and_others_fail()
    {
        NatsCluster.Require();
        string[] good = ["a.wav", "calls/number 1 #2 ü.wav"];
        foreach (string file in (string[])[.. good, "longer.wav", "missing.wav", "moved.wav"])
        {
            BatchFiles.Recording(_scratch, $"in/{file}", 3, 4);
        }

        string inputs = Path.Combine(_scratch.Path, "in"), output = Path.Combine(_scratch.Path, "out"), whole = Path.Combine(_scratch.Path, "whole");
        using var files = new LoopbackServer((request, stream, _) => Uri.UnescapeDataString(request.Path)["store/".Length..] switch
        {
            "missing.wav" => LoopbackServer.SendHeadAsync(stream, "404 Not Found"),
            "moved.wav" => LoopbackServer.SendHeadAsync(stream, "302 Found", "Location: http://127.0.0.1:1/a.wav\r\nContent-Length: 0\r\n"),
            "longer.wav" => LoopbackServer.SendAsync(stream, new byte[1 << 20]),
            var path => LoopbackServer.SendAsync(stream, File.ReadAllBytes(Path.Combine(inputs, path))),
        });
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1);
        using var workers = new WorkerProcesses(cluster);
        workers.Start(["--fetch-host", "localhost", "--fetch-network", "127.0.0.0/8"]);
        string prefix = files["store"].Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        CliResult submit = await CliProcess.RunAsync(["submit", inputs, "-o", output, "--url-prefix", prefix, .. WorkerProcesses.Queue(cluster)]);
        Assert.True(submit.ExitCode == 8, submit.Error);
        Dictionary<string, JsonElement> failures = BatchFiles.Failures(output);
        Assert.Equal(["longer", "missing", "moved"], failures.Keys.Order(StringComparer.Ordinal));
        Assert.All(failures.Values, failure => Assert.Equal((3, 3), (failure.GetProperty("exitCode").GetInt32(), failure.GetProperty("tries").GetInt32())));
        Assert.Contains("has more than the 128044 bytes", failures["longer"].GetProperty("message").GetString());
        Assert.Contains("the host answered 404", failures["missing"].GetProperty("message").GetString());
        Assert.Contains("does not fetch from 127.0.0.1", failures["moved"].GetProperty("message").GetString());

        foreach (string id in failures.Keys)
        {
            File.Delete(Path.Combine(inputs, id + ".wav"));
        }

        File.Delete(Path.Combine(output, "failures.jsonl"));
        Directory.Delete(Path.Combine(output, ".diarist", "failed"), recursive: true);
        (await CliProcess.RunAsync("batch", inputs, "-o", whole)).Succeeded();
        BatchFiles.AssertSame(whole, output);
    }

    [Fact]
    public async Task A_prefix_that_is_none_and_a_recording_that_is_not_below_its_source_are_refused()
    {
        string recording = BatchFiles.Recording(_scratch, "a.wav", 0, 2);
        string manifest = _scratch.Write("lists/list.jsonl", $$"""{"path":{{JsonSerializer.Serialize(recording)}}}""");
        string output = Path.Combine(_scratch.Path, "out");
        foreach (string prefix in (string[])["ftp://store/", "calls/", "http://user@store/", "http://store/?key=1"])
        {
            Assert.Contains("--url-prefix takes", (await CliProcess.RunAsync("submit", recording, "-o", output, "--url-prefix", prefix)).Failed(2));
        }

        Assert.Contains("is not below", (await CliProcess.RunAsync("submit", manifest, "-o", output, "--url-prefix", "http://store/")).Failed(2));
        Assert.Contains("exclude each other", (await CliProcess.RunAsync("submit", recording, "-o", output, "--url-prefix", "http://store/", "--shared")).Failed(2));
    }

    [Fact]
    public async Task What_is_not_allowed_is_not_asked()
    {
        using LoopbackServer files = LoopbackServer.Of(new byte[10]);
        string named = files["a.wav"].Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        foreach ((string[] hosts, IPNetwork[] networks, string url, string problem) in new (string[], IPNetwork[], string, string)[]
        {
            ([], [Loopback], named, "does not fetch from localhost"),
            (["localhost"], [], named, "localhost has no public address"),
            (["127.0.0.1"], [], files["a.wav"], "127.0.0.1 has no public address"),
            (["localhost"], [Loopback], named.Replace("http://", "http://localhost@127.0.0.1/", StringComparison.Ordinal), "no http or https address"),
            (["localhost"], [Loopback], "file:///etc/passwd", "no http or https address"),
        })
        {
            using var fetcher = new AudioFetcher(hosts, networks);
            InputException error = await Assert.ThrowsAsync<InputException>(() => fetcher.FetchAsync(JobAt(url, 10), Target, Limit, Cancellation));
            Assert.Contains(problem, error.Message);
        }

        Assert.Empty(files.Requests);
    }

    [Fact]
    public async Task What_is_cut_or_refused_for_a_moment_is_fetched_again_and_what_does_not_end_is_given_up()
    {
        byte[] content = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];
        using var files = new LoopbackServer((request, stream, stop) => request switch
        {
            { Path: "endless" } => LoopbackServer.SendHeadAsync(stream, "200 OK", "").ContinueWith(_ => Task.Delay(Timeout.Infinite, stop), stop).Unwrap(),
            { Number: 1 } => LoopbackServer.SendAsync(stream, content, most: 500),
            _ => LoopbackServer.SendAsync(stream, content),
        });
        using var fetcher = new AudioFetcher(["127.0.0.1"], [Loopback]);
        await fetcher.FetchAsync(JobAt(files["a.wav"], content.Length), Target, Limit, Cancellation);
        Assert.Equal(content, await File.ReadAllBytesAsync(Target, Cancellation));
        Assert.Equal(2, files.Requests.Count);
        InputException error = await Assert.ThrowsAsync<InputException>(() => fetcher.FetchAsync(JobAt(files["endless"], 10), Target, TimeSpan.FromSeconds(0.3), Cancellation));
        Assert.Contains("not fetched within 0.3 s", error.Message);
    }

    private static Job JobAt(string url, long bytes) => new() { Name = "name", Id = "id", Key = "key", Arguments = [], Recording = "{}", FileName = "a.wav", Url = url, Bytes = bytes };
}
