using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Diarist.Cli.Tests.Support;

/// <summary>Passes connections on to a server of this machine and keeps every byte that clients send.</summary>
internal sealed class RecordingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MemoryStream> _sent = new();
    private readonly int _port;

    public RecordingProxy(Uri server)
    {
        _port = server.Port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What was sent since the last call, one connection after the other.</summary>
    public byte[] Take()
    {
        var all = new MemoryStream();
        while (_sent.TryDequeue(out MemoryStream? connection))
        {
            lock (connection)
            {
                connection.WriteTo(all);
            }
        }

        return all.ToArray();
    }

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
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var sent = new MemoryStream();
                _sent.Enqueue(sent);
                _ = ServeAsync(client, sent);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client, MemoryStream sent)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream(), sent), PassAsync(server.GetStream(), client.GetStream(), kept: null));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side went away, or the test has ended.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, MemoryStream? kept)
    {
        byte[] block = new byte[1 << 16];
        for (int count; (count = await from.ReadAsync(block, _stop.Token)) > 0;)
        {
            if (kept is not null)
            {
                lock (kept)
                {
                    kept.Write(block, 0, count);
                }
            }

            await to.WriteAsync(block.AsMemory(0, count), _stop.Token);
        }
    }
}
