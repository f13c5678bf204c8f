using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diarist.Asr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Diarist.Server.Tests.Support;

/// <summary>A server on a free port of this machine, with a folder of its own; gone afterwards.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly bool _ownsFolder;

    private RunningServer(WebApplication server, string folder, bool ownsFolder)
    {
        (_server, Folder, _ownsFolder) = (server, folder, ownsFolder);
        Address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public string Folder { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _server.Services;

    public static async Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null, string? folder = null)
    {
        string data = folder ?? Directory.CreateTempSubdirectory("diarist-server-").FullName;
        var options = new ServerOptions { DataFolder = Path.Combine(data, "data"), Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        WebApplication server = DiaristServer.Create(change?.Invoke(options) ?? options);
        await server.StartAsync();
        return new RunningServer(server, data, folder is null);
    }

    /// <summary>Brings a recording in one request and gives its identifier.</summary>
    public async Task<string> UploadAsync(string path, string? name = null, string query = "")
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        content.Headers.ContentType = new("audio/wav");
        using HttpResponseMessage response = await Client.PostAsync($"api/recordings?name={Uri.EscapeDataString(name ?? Path.GetFileName(path))}{query}", content);
        JsonNode recording = await JsonAsync(response, HttpStatusCode.Created);
        return (string)recording["id"]!;
    }

    /// <summary>Waits until a recording is over, by its events.</summary>
    public async Task<JsonNode> FinishAsync(string id)
    {
        using Stream events = await Client.GetStreamAsync($"api/recordings/{id}/events");
        using var reader = new StreamReader(events);
        JsonNode? last = null;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                last = JsonNode.Parse(line["data: ".Length..]);
            }
        }

        return last!;
    }

    public async Task<JsonNode> GetAsync(string path) => await JsonAsync(await Client.GetAsync(path), HttpStatusCode.OK);

    public async Task<JsonNode> PostAsync(string path, object body, HttpStatusCode status = HttpStatusCode.OK) => await JsonAsync(await Client.PostAsJsonAsync(path, body), status);

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        return JsonNode.Parse(text) ?? throw new JsonException("null");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}

/// <summary>A recognizer that says the same words of every recording, at once or when it is told to.</summary>
internal sealed class TestRecognizer : ITranscriber
{
    /// <summary>Waited for before the words come.</summary>
    public TaskCompletionSource? Hold { get; init; }

    /// <summary>How many recordings it was given.</summary>
    public int Calls => _calls;

    /// <summary>How many of them were cancelled.</summary>
    public int Cancelled => _cancelled;

    /// <summary>Completes when the first recording has come.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _calls;
    private int _cancelled;

    public async Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        Started.TrySetResult();
        try
        {
            if (Hold is not null)
            {
                await Hold.Task.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }

        return new RecognizerOutput("words.json", """
            {"language":"en","segments":[{"start":0.4,"end":3.6,"text":" Good morning everybody, thank you for coming.","words":[
            {"word":" Good","start":0.4,"end":0.8},{"word":" morning","start":0.8,"end":1.4},{"word":" everybody,","start":1.4,"end":2.0},
            {"word":" thank","start":2.1,"end":2.5},{"word":" you","start":2.5,"end":2.8},{"word":" for","start":2.8,"end":3.1},{"word":" coming.","start":3.1,"end":3.6}]}]}
            """u8.ToArray());
    }
}
