using System.Collections.Concurrent;
using System.Net;
using Diarist.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diarist.Cli.Tests.Support;

/// <summary>A server on a free port of this machine: the real one, or one that answers as a test says.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LocalServer(WebApplication server, ConcurrentQueue<string> requests) => (_server, Requests) = (server, requests);

    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Methods and paths so far, of a server that answers as a test says.</summary>
    public ConcurrentQueue<string> Requests { get; }

    public static async Task<LocalServer> DiaristAsync(string folder)
    {
        WebApplication server = DiaristServer.Create(new ServerOptions { DataFolder = folder, Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        await server.StartAsync();
        return new LocalServer(server, []);
    }

    public static async Task<LocalServer> AnsweringAsync(Func<HttpContext, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        var requests = new ConcurrentQueue<string>();
        server.Run(async context =>
        {
            requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            await context.Request.Body.CopyToAsync(Stream.Null);
            await answer(context);
        });
        await server.StartAsync();
        return new LocalServer(server, requests);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }
}
