using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>Servers that are killed: what was acknowledged is there afterwards and ends in exactly one right result.</summary>
public class DurabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Twenty with DIARIST_LONG=1.
    private static int Kills => Environment.GetEnvironmentVariable("DIARIST_LONG") == "1" ? 20 : 3;

    [Fact]
    public async Task Every_acknowledged_recording_survives_kills_and_ends_in_one_right_result()
    {
        using var folder = new ScratchFolder();
        string data = Path.Combine(folder.Path, "data");
        string audio = Samples.Piece(folder.Path, 6, "clip.wav", from: 10);
        byte[] bytes = await File.ReadAllBytesAsync(audio, Cancellation);
        string expected = await Tool.RunAsync("diarize", audio, "--format", "json");
        var acknowledged = new HashSet<string>();
        var random = new Random(5);
        for (int kill = 0; kill < Kills; kill++)
        {
            (Process process, Uri address) = await Tool.ServeAsync("--data", data);
            using Process server = process;
            using var client = new HttpClient { BaseAddress = address };
            Task<string?>[] uploads = [.. Enumerable.Range(0, 3).Select(_ => UploadAsync(client, bytes))];

            // The moment is random on purpose: during uploads, during work, or after it. Every second time something has been acknowledged.
            if (kill % 2 == 1)
            {
                await Task.WhenAny(uploads);
            }

            await Task.Delay(random.Next(50, 1500), Cancellation);
            server.Kill();
            await server.WaitForExitAsync(Cancellation);
            foreach (string? id in await Task.WhenAll(uploads))
            {
                if (id is not null)
                {
                    acknowledged.Add(id);
                }
            }
        }

        (Process last, Uri final) = await Tool.ServeAsync("--data", data);
        using (last)
        {
            using var client = new HttpClient { BaseAddress = final, Timeout = TimeSpan.FromMinutes(3) };
            JsonNode list = JsonNode.Parse(await client.GetStringAsync("api/recordings", Cancellation))!;
            string[] known = [.. list["recordings"]!.AsArray().Select(recording => (string)recording!["id"]!)];
            Assert.Equal(known.Length, known.Distinct().Count());
            Assert.All(acknowledged, id => Assert.Contains(id, known));
            Assert.NotEmpty(acknowledged);
            foreach (string id in acknowledged)
            {
                using (Stream events = await client.GetStreamAsync($"api/recordings/{id}/events", Cancellation))
                {
                    await events.CopyToAsync(Stream.Null, Cancellation);
                }

                Assert.Equal(expected, await client.GetStringAsync($"api/recordings/{id}/export?format=json", Cancellation));
            }

            last.Kill();
            await last.WaitForExitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_finished_recording_is_never_worked_on_again()
    {
        string folder = Directory.CreateTempSubdirectory("diarist-server-").FullName;
        try
        {
            string id;
            string audio = Samples.Piece(folder, 3);
            await using (RunningServer first = await RunningServer.StartAsync(folder: folder))
            {
                id = await first.UploadAsync(audio);
                await first.FinishAsync(id);
            }

            string session = Path.Combine(folder, "data", "recordings", id, "session.diarist");
            DateTime written = File.GetLastWriteTimeUtc(session);
            var recognizer = new TestRecognizer();
            await using RunningServer second = await RunningServer.StartAsync(options => options with { Engine = recognizer }, folder);
            string next = await second.UploadAsync(audio);
            await second.FinishAsync(next);
            Assert.Equal(1, recognizer.Calls);
            Assert.Equal(written, File.GetLastWriteTimeUtc(session));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_second_server_does_not_use_the_same_folder()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        InputException error = await Assert.ThrowsAsync<InputException>(() => RunningServer.StartAsync(folder: server.Folder));
        Assert.Contains("another server", error.Message);
    }

    private static async Task<string?> UploadAsync(HttpClient client, byte[] bytes)
    {
        try
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("audio/wav");
            using HttpResponseMessage response = await client.PostAsync("api/recordings?name=clip.wav", content, Cancellation);
            return response.StatusCode == HttpStatusCode.Created ? (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["id"] : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
