using Diarist.Server.Dialects;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diarist.Server;

/// <summary>Makes the server.</summary>
public static class DiaristServer
{
    private const int LargestHeaders = 32 << 10;
    private const long LargestPlainBody = 1 << 20;
    private const int MostConnections = 2000;

    /// <summary>Makes a server that can be run. Nothing is read from configuration files or variables.</summary>
    /// <param name="options">How it runs.</param>
    /// <returns>The server; disposing it ends it.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="InputException">The folder cannot be used.</exception>
    public static WebApplication Create(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Diarist.Server" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestPlainBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(options.Listen);
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddRoutingCore();
        ApiDescription.AddTo(builder.Services);

        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ErasingMemoryPoolFactory>();
        var data = new DataFolder(options.DataFolder);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(data);
        builder.Services.AddSingleton<IJobStore>(_ => new SqliteJobStore(data.Database));
        builder.Services.AddSingleton<JobEvents>();
        builder.Services.AddSingleton<Jobs>();
        builder.Services.AddSingleton<RecordingWork>();
        builder.Services.AddSingleton<OpenSessions>();
        builder.Services.AddSingleton<ErrorResponses>();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Services.AddSingleton<RequestGate>();
        builder.Services.AddSingleton<StatusApi>();
        builder.Services.AddSingleton<RecordingsApi>();
        builder.Services.AddSingleton<UploadsApi>();
        builder.Services.AddSingleton<SessionsApi>();
        builder.Services.AddSingleton<FilesApi>();
        builder.Services.AddSingleton<RequestJobs>();
        builder.Services.AddSingleton<TranscriptionsApi>();
        builder.Services.AddSingleton<DiarizationApi>();
        builder.Services.AddSingleton<OutgoingRequests>();
        builder.Services.AddSingleton<RequestVoices>();
        builder.Services.AddSingleton<RemoteViews>();
        builder.Services.AddSingleton<RemoteJobsApi>();
        builder.Services.AddSingleton<Retention>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Retention>());
        builder.Services.AddHostedService<Webhooks>();
        builder.Services.AddHostedService<JobWorkers>();

        // What keeps the server from starting is thrown to the caller, who says it once.
        bool started = false;
        builder.Logging.AddFilter((category, level) => level >= LogLevel.Warning && (started || category?.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal) != true));
        WebApplication server = builder.Build();
        server.Lifetime.ApplicationStarted.Register(() => started = true);
        server.Lifetime.ApplicationStopped.Register(data.Dispose);
        Retention.CleanAsync(server.Services.GetRequiredService<Jobs>(), data).GetAwaiter().GetResult();
        server.Services.GetRequiredService<IJobStore>().Resume();
        ErrorResponses errors = server.Services.GetRequiredService<ErrorResponses>();
        server.Use((HttpContext context, RequestDelegate next) =>
        {
            context.TraceIdentifier = $"req_{DataFolder.NewId()}";
            SecurityHeaders.Add(context);
            return errors.RunAsync(context, next);
        });
        RequestGate gate = server.Services.GetRequiredService<RequestGate>();
        server.Use(gate.RunAsync);
        server.UseRouting();
        RouteGroupBuilder routes = server.MapGroup("");
        ApiDescription.Describe(routes);
        server.Services.GetRequiredService<StatusApi>().Map(routes);
        server.Services.GetRequiredService<RecordingsApi>().Map(routes);
        server.Services.GetRequiredService<UploadsApi>().Map(routes);
        server.Services.GetRequiredService<SessionsApi>().Map(routes);
        server.Services.GetRequiredService<FilesApi>().Map(routes);
        server.Services.GetRequiredService<TranscriptionsApi>().Map(routes);
        server.Services.GetRequiredService<DiarizationApi>().Map(routes);
        server.Services.GetRequiredService<RemoteJobsApi>().Map(routes);
        server.MapOpenApi();
        EmbeddedPage.Map(server);
        return server;
    }
}
