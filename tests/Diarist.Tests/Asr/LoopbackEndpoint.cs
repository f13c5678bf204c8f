using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diarist.Tests.Asr;

/// <summary>One request as the endpoint saw it: its headers, and the start and the length of its body.</summary>
internal sealed record ReceivedRequest(string Headers, string BodyStart, long BodyLength);

/// <summary>A real listening socket on this machine that speaks as much HTTP as the tests need, and misbehaves when told to.</summary>
internal sealed class LoopbackEndpoint : IDisposable
{
    private const int KeptBytes = 4096;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string?> _answers;

    /// <summary>Answers requests with the given raw answers, one after the other; null never answers.</summary>
    public LoopbackEndpoint(params string?[] answers)
    {
        _answers = new ConcurrentQueue<string?>(answers);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/v1/audio/transcriptions");

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>A whole answer; a longer <paramref name="announced"/> length makes it one that is cut off.</summary>
    public static string Answer(string status, string body, string headers = "", int? announced = null) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {(announced ?? Encoding.UTF8.GetByteCount(body)).ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                NetworkStream stream = client.GetStream();
                Requests.Enqueue(await ReadAsync(stream));
                if (_answers.TryDequeue(out string? answer) && answer is not null)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
                }
                else
                {
                    await Task.Delay(System.Threading.Timeout.Infinite, _end.Token);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // The test is over, or its client went away.
        }
    }

    private async Task<ReceivedRequest> ReadAsync(NetworkStream stream)
    {
        var headers = new StringBuilder();
        byte[] one = new byte[1];
        while (!headers.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _end.Token) == 1)
        {
            headers.Append((char)one[0]);
        }

        string length = headers.ToString().Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?[15..] ?? "0";
        long remaining = long.Parse(length, CultureInfo.InvariantCulture);
        long total = 0;
        var kept = new MemoryStream();
        byte[] block = new byte[1 << 16];
        while (remaining > 0 && await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, remaining)), _end.Token) is > 0 and int read)
        {
            kept.Write(block, 0, Math.Min(read, (int)Math.Max(0, KeptBytes - kept.Length)));
            remaining -= read;
            total += read;
        }

        return new ReceivedRequest(headers.ToString(), Encoding.Latin1.GetString(kept.ToArray()), total);
    }
}
