using System.Net;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>Many uploads at once: each is either taken and done, or told to come back.</summary>
public class LoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A hundred clips of a minute with DIARIST_LONG=1.
    private static (int Uploads, double Seconds, int Queue) Size => Environment.GetEnvironmentVariable("DIARIST_LONG") == "1" ? (100, 60, 80) : (12, 3, 6);

    [Fact]
    public async Task Uploads_at_once_are_done_or_told_to_come_back()
    {
        (int uploads, double seconds, int queue) = Size;
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaximumQueue = queue });
        byte[] audio = await File.ReadAllBytesAsync(Samples.Piece(server.Folder, seconds), Cancellation);
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, uploads).Select(_ => PostAsync(server, audio)));
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.TooManyRequests, answer.StatusCode.ToString()));
        Assert.All(answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests), answer => Assert.NotNull(answer.Headers.RetryAfter));
        string[] taken = [.. await Task.WhenAll(answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).Select(async answer => (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["id"]!))];
        Assert.True(taken.Length >= queue, $"{taken.Length} were taken");
        var exports = new HashSet<string>();
        foreach (string id in taken)
        {
            Assert.Equal("done", (string?)(await server.FinishAsync(id))["state"]);
            exports.Add(await server.Client.GetStringAsync($"api/recordings/{id}/export?format=json", Cancellation));
        }

        Assert.Single(exports);
        Assert.Equal(taken.Length, (await server.GetAsync("api/recordings"))["recordings"]!.AsArray().Count);
        long peak = System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        TestContext.Current.SendDiagnosticMessage($"{uploads} uploads of {seconds} s, {taken.Length} taken, peak working set of server, client and runner {peak} MB");
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, byte[] audio)
    {
        using var content = new ByteArrayContent(audio);
        content.Headers.ContentType = new("audio/wav");
        return await server.Client.PostAsync("api/recordings?name=clip.wav", content, Cancellation);
    }
}
