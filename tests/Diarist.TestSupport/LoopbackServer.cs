using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diarist.TestSupport;

/// <summary>A request as it came in.</summary>
internal sealed record ServerRequest(int Number, string Path, long From);

/// <summary>An HTTP server on this machine that does exactly what a test says, cuts in the middle of a byte stream included.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ServerRequest, Stream, CancellationToken, Task> _answer;
    private readonly ConcurrentQueue<ServerRequest> _requests = new();
    private int _count;

    public LoopbackServer(Func<ServerRequest, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<ServerRequest> Requests => [.. _requests];

    /// <summary>The address of a path.</summary>
    public string this[string path] => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}";

    /// <summary>A server that has one content at every path and understands ranges.</summary>
    public static LoopbackServer Of(byte[] content) => new((request, stream, _) => SendAsync(stream, content, request.From));

    /// <summary>Sends content from a byte on; at most <paramref name="most"/> bytes of it before the connection is closed.</summary>
    public static async Task SendAsync(Stream stream, byte[] content, long from = 0, long most = long.MaxValue)
    {
        string status = from == 0 ? "200 OK" : "206 Partial Content";
        string range = from == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}\r\n");
        await SendHeadAsync(stream, status, $"Content-Length: {content.Length - from}\r\n{range}");
        await stream.WriteAsync(content.AsMemory((int)from, (int)Math.Min(content.Length - from, most)));
    }

    /// <summary>Sends a status line and headers.</summary>
    public static async Task SendHeadAsync(Stream stream, string status, string headers = "Content-Length: 0\r\n") =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n"));

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string[] first = (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ');
                long from = 0;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                    {
                        from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
                    }
                }

                if (first.Length == 3)
                {
                    var request = new ServerRequest(Interlocked.Increment(ref _count), first[1].TrimStart('/'), from);
                    _requests.Enqueue(request);
                    await _answer(request, stream, _stop.Token);
                    await stream.FlushAsync(_stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side went away, or the test has ended.
            }
        }
    }
}
