using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diarist.Server.Tests;

/// <summary>Requests that are almost right: none is answered with a server's error, and the server goes on.</summary>
[Collection(ServerCollection.Name)]
public class FuzzTests(ServerFixture fixture)
{
    private static readonly string[] Seeds =
    [
        "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 209\r\n\r\n--B\r\nContent-Disposition: form-data; name=model\r\n\r\nwhisper-1\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF....WAVEfmt \r\n--B\r\nContent-Disposition: form-data; name=stream\r\n\r\ntrue\r\n--B--\r\n",
        "POST /v1/audio/diarization HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=\"B\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n--B\r\n\r\n0\r\n\r\n",
        "POST /v1/diarize HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n{\"url\":\"media://x\",\"numSpeakers\":2,\"e\":[]}",
        "POST /api/recordings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 59\r\n\r\n{\"name\":\"a\",\"size\":9,\"options\":{\"speakers\":2,\"language\":\"e\"}}",
        "POST /api/recordings/{id}/edits HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 77\r\n\r\n{\"revision\":9,\"kind\":\"assign\",\"label\":\"SPEAKER_00\",\"turns\":[0,1],\"count\":1e99}",
        "GET /api/recordings/{id}/audio HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9,20-\r\nIf-Range: \"x\"\r\n\r\n",
        "GET /api/recordings/{id}/peaks?from=0&to=12&width=10 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/recordings/{id}/export?format=srt HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n",
        "GET /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "PUT /api/recordings/{id}/content HTTP/1.1\r\nHost: localhost\r\nUpload-Offset: 0\r\nContent-Length: 4\r\n\r\nRIFF",
        "PUT /api/recordings/{id}/transcript?name=a.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{\"segments\":1}",
        "GET /v1/jobs/{id} HTTP/1.1\r\nHost: localhost\r\nCookie: diarist-visit=1\r\nAuthorization: Bearer x\r\n\r\n",
    ];

    private const string Hung = "no answer within 30 s";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A hundred thousand with DIARIST_LONG=1.
    private static int Requests => Environment.GetEnvironmentVariable("DIARIST_LONG") == "1" ? 100_000 : 1500;

    [Fact]
    public async Task Nothing_that_is_almost_a_request_is_answered_with_a_server_error()
    {
        int open = OpenFiles(), parts = Files();
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (number, cancellation) =>
        {
            byte[] request = Mutated(number);
            string answer = await SendAsync(request, cancellation);
            if (answer == Hung || answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
            {
                failures.Add($"{number}: {Encoding.Latin1.GetString(request)}\n→ {answer}");
            }
        });
        Assert.True(failures.IsEmpty, failures.FirstOrDefault());
        Assert.Equal("ok", (await fixture.Server.GetAsync("health/ready"))["status"]!.ToString() is "ready" or "full" ? "ok" : "not");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) < 400L << 20);

        // Connections that the client ended are closed by the server a little later.
        for (long start = Stopwatch.GetTimestamp(); OpenFiles() > open + 50 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            await Task.Delay(50, Cancellation);
        }

        TestContext.Current.SendDiagnosticMessage($"{Requests} requests; open files {open} before, {OpenFiles()} after; files of the server {parts} before, {Files()} after");
        Assert.True(OpenFiles() <= open + 50, $"{open} files were open before, {OpenFiles()} are now");
    }

    private static int OpenFiles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    private int Files() => Directory.GetFiles(fixture.Server.Folder, "*", SearchOption.AllDirectories).Length;

    private byte[] Mutated(int number)
    {
        var random = new Random(number);
        byte[] bytes = Encoding.Latin1.GetBytes(Seeds[number % Seeds.Length].Replace("{id}", fixture.Id, StringComparison.Ordinal));
        for (int change = random.Next(4); change > 0; change--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(5) switch
            {
                0 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 20))..]],
                1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[Math.Max(0, at - random.Next(30))..]],
                3 => [.. bytes[..at], .. "99999999999999999999"u8, .. bytes[at..]],
                _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            };
            if (bytes.Length == 0)
            {
                break;
            }
        }

        return bytes;
    }

    private async Task<string> SendAsync(byte[] request, CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, fixture.Server.Address.Port, limit.Token);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(request, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            byte[] start = new byte[400];
            int read = await stream.ReadAsync(start, limit.Token);
            return Encoding.Latin1.GetString(start, 0, read);
        }
        catch (IOException)
        {
            return "closed";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Hung;
        }
    }
}
