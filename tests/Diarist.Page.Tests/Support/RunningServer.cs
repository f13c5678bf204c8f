using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Diarist.Page.Tests.Support;

/// <summary>A server with a folder of its own. It can be stopped and started again at the same address.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("diarist-page").FullName;
    private readonly HttpClient _client = new() { Timeout = Limit };
    private Process? _process;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts it, with more options if there are any.</summary>
    public async Task StartAsync(params string[] options)
    {
        string listen = Address.Length == 0 ? "127.0.0.1:0" : new Uri(Address).Authority;
        _process = Tool.Start(["serve", "--listen", listen, "--data", Path.Combine(_folder, "data"), .. options]);
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        using var limit = new CancellationTokenSource(Limit);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Split("serving at ") is [_, var rest])
            {
                Address = rest.Split(';')[0].TrimEnd('/');
                // What it says later must not fill the pipe.
                _process.ErrorDataReceived += (_, _) => { };
                _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>Kills it, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Brings a recording without the page, waits until it is done, and gives its identifier.</summary>
    public async Task<string> AddAsync(string name)
    {
        await using FileStream file = File.OpenRead(Repository.Sample);
        using var content = new StreamContent(file);
        content.Headers.ContentType = new("audio/flac");
        using HttpResponseMessage response = await _client.PostAsync($"{Address}/api/recordings?name={Uri.EscapeDataString(name)}", content);
        response.EnsureSuccessStatusCode();
        string id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using HttpResponseMessage events = await _client.GetAsync($"{Address}/api/recordings/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                string state = JsonDocument.Parse(line["data:".Length..]).RootElement.GetProperty("state").GetString()!;
                Assert.True(state is "queued" or "running" or "done", $"{name} is {state}.");
                if (state == "done")
                {
                    return id;
                }
            }
        }

        throw new InvalidOperationException($"The events of {name} ended before it was done.");
    }

    /// <summary>What the server says of a path.</summary>
    public Task<JsonElement> GetAsync(string path) => _client.GetFromJsonAsync<JsonElement>(Address + path);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
