using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Diarist.Cli.Tests.Support;

/// <summary>Passes connections on to a server of this machine and keeps every byte that clients send.</summary>
internal sealed class RecordingProxy : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<MemoryStream> _sent = new();
    private readonly int _port;

    public RecordingProxy(Uri server)
    {
        _port = server.Port;
        _listener = new LoopbackListener(ServeAsync);
    }

    public string Address => _listener.Address;

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

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        var sent = new MemoryStream();
        _sent.Enqueue(sent);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _port, stop);
        await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream(), sent, stop), PassAsync(server.GetStream(), client.GetStream(), kept: null, stop));
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, MemoryStream? kept, CancellationToken stop)
    {
        byte[] block = new byte[1 << 16];
        for (int count; (count = await from.ReadAsync(block, stop)) > 0;)
        {
            if (kept is not null)
            {
                lock (kept)
                {
                    kept.Write(block, 0, count);
                }
            }

            await to.WriteAsync(block.AsMemory(0, count), stop);
        }
    }
}
