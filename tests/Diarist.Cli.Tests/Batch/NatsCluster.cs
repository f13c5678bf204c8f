using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Diarist.Cli.Tests.Support;
using Diarist.Processes;

namespace Diarist.Cli.Tests.Batch;

/// <summary>NATS servers with JetStream on this machine, one or a cluster, each with a folder of its own; any may be killed and started again.</summary>
internal sealed class NatsCluster : IDisposable
{
    // A server that was killed takes up gigabytes again, on a machine that may have other work.
    private const int Patience = 300_000;

    private readonly string _folder;
    private readonly int[] _clients;
    private readonly int[] _routes;
    private readonly int[] _monitors;
    private readonly HttpClient _http = new();
    private readonly Process?[] _servers;

    private readonly string _security;

    private NatsCluster(string folder, int nodes, string security) =>
        (_folder, _clients, _routes, _monitors, _servers, _security) = (folder, FreePorts(nodes), FreePorts(nodes), FreePorts(nodes), new Process?[nodes], security);

    /// <summary>The addresses of all servers.</summary>
    public string Url => string.Join(',', _clients.Select(port => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}")));

    /// <summary>How many servers there are.</summary>
    public int Nodes => _servers.Length;

    /// <summary>Skips the test where the server is not installed, and says so.</summary>
    public static void Require() => Assert.SkipWhen(Program is null, "needs nats-server (Debian's package of that name)");

    /// <summary>Starts the servers.</summary>
    /// <param name="scratch">Where they keep what they are given.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="security">Lines of their configuration that say who is let in.</param>
    public static async Task<NatsCluster> StartAsync(ScratchFolder scratch, int nodes, string security = "")
    {
        var cluster = new NatsCluster(Directory.CreateDirectory(Path.Combine(scratch.Path, "nats")).FullName, nodes, security);
        for (int node = 0; node < nodes; node++)
        {
            cluster.Start(node);
        }

        for (int node = 0; node < nodes; node++)
        {
            await cluster.BecomeHealthyAsync(node);
        }

        return cluster;
    }

    /// <summary>Waits until a server has all that the others have.</summary>
    public async Task BecomeHealthyAsync(int node)
    {
        for (long end = Environment.TickCount64 + Patience; !await IsHealthyAsync(node); await Task.Delay(50))
        {
            Assert.True(Environment.TickCount64 < end, "a NATS server did not become healthy");
        }
    }

    /// <summary>Requires that a server holds so many messages of each stream, once it has what the others have.</summary>
    public async Task HoldAsync(int node, params (string Stream, int Messages)[] expected)
    {
        for (long end = Environment.TickCount64 + Patience; ; await Task.Delay(50))
        {
            string text = await _http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_monitors[node]}/jsz?streams=true")));
            Dictionary<string, int> held = JsonNode.Parse(text)!["account_details"]!.AsArray().SelectMany(account => account!["stream_detail"]!.AsArray())
                .ToDictionary(stream => (string)stream!["name"]!, stream => (int)stream!["state"]!["messages"]!);
            if (expected.All(pair => held.GetValueOrDefault(pair.Stream, -1) == pair.Messages))
            {
                return;
            }

            Assert.True(Environment.TickCount64 < end, $"a NATS server holds {string.Join(", ", held)}");
        }
    }

    /// <summary>Ends a server without warning.</summary>
    public void Kill(int node)
    {
        _servers[node]!.Kill();
        _servers[node]!.WaitForExit();
        _servers[node]!.Dispose();
        _servers[node] = null;
    }

    /// <summary>Starts a server, with what it had stored.</summary>
    public void Start(int node)
    {
        string routes = string.Join(", ", _routes.Select(port => string.Create(CultureInfo.InvariantCulture, $"\"nats://127.0.0.1:{port}\"")));
        string cluster = _servers.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"cluster {{ name: test, listen: \"127.0.0.1:{_routes[node]}\", routes: [{routes}] }}") : "";
        string configuration = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"node{node}.conf"));
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            server_name: node{{node}}
            listen: "127.0.0.1:{{_clients[node]}}"
            http: "127.0.0.1:{{_monitors[node]}}"
            jetstream { store_dir: "{{_folder}}/node{{node}}" }
            {{cluster}}
            {{_security}}
            """));
        var start = new ProcessStartInfo(Program!, ["-c", configuration, "-l", Path.ChangeExtension(configuration, ".log")]);
        _servers[node] = Process.Start(start)!;
    }

    public void Dispose()
    {
        _http.Dispose();
        for (int node = 0; node < _servers.Length; node++)
        {
            if (_servers[node] is not null)
            {
                Kill(node);
            }
        }
    }

    private static string? Program => ExternalProgram.Find("nats-server") ?? (File.Exists("/usr/sbin/nats-server") ? "/usr/sbin/nats-server" : null);

    private async Task<bool> IsHealthyAsync(int node)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_monitors[node]}/healthz")));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ports that nobody listens at.</summary>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }
}
