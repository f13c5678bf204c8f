using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Diarist.TestSupport;

/// <summary>A request as it came in.</summary>
internal sealed record ServerRequest(int Number, string Path, long From);

/// <summary>An HTTP server on this machine that does exactly what a test says, cuts in the middle of a byte stream included.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly Func<ServerRequest, Stream, CancellationToken, Task> _answer;
    private readonly ConcurrentQueue<ServerRequest> _requests = new();
    private int _count;

    public LoopbackServer(Func<ServerRequest, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener = new LoopbackListener(ServeAsync);
    }

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<ServerRequest> Requests => [.. _requests];

    /// <summary>The address of a path.</summary>
    public string this[string path] => $"{_listener.Address}/{path}";

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

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string[] first = (await reader.ReadLineAsync(stop) ?? "").Split(' ');
        long from = 0;
        while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
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
            await _answer(request, stream, stop);
            await stream.FlushAsync(stop);
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
