using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Diarist.Cli.Remote;

/// <summary>
/// A <c>diarist serve</c> that finds the speakers of a recording. It is sent the bytes of the recording and bounds of the number of speakers,
/// nothing else; the recording has the name "recording" there and is deleted afterwards.
/// </summary>
internal sealed class RemoteServer : IDisposable
{
    /// <summary>What recordings are called there.</summary>
    public const string RecordingName = "recording";

    private const long LongestAnswer = 256 << 20;
    private const int LongestId = 64;
    private const int BytesPerSecond = 8 << 10; // The slowest upload that is waited for.

    // After a signal the process has 300 ms.
    private static readonly TimeSpan DeletionAfterSignal = TimeSpan.FromMilliseconds(250);

    private readonly Uri _address;
    private readonly HttpClient _client;
    private readonly RemoteRequests _requests;

    public RemoteServer(Uri address, string? key)
    {
        _address = address;

        // A redirect would send the recording, and the key, to an address that nobody named.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        _client = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
        if (key is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        _requests = new RemoteRequests(_client);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Sends a recording, waits for its result and deletes it there, also when that fails or is cancelled.</summary>
    /// <param name="audio">The recording, from its beginning.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="options">The bounds of the number of speakers.</param>
    /// <param name="progress">Told how far the server is.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The document of turns.</returns>
    /// <exception cref="RemoteException">The server gives no result.</exception>
    /// <exception cref="InputException">The server cannot read the recording.</exception>
    public async Task<byte[]> DiarizeAsync(Stream audio, string name, DiarizerOptions options, IProgress<DiarizationProgress> progress, CancellationToken cancellationToken)
    {
        string id = await AnnounceAsync(audio.Length, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await SendAsync(id, audio, cancellationToken).ConfigureAwait(false);
            await new RemoteEvents(_requests, _address).WaitAsync(id, name, progress, cancellationToken).ConfigureAwait(false);
            using HttpResponseMessage response = await _requests.SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, $"api/recordings/{id}/export?format=turns.json"), RemoteRequests.Limit, whole: true, cancellationToken).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DeleteAsync(id, cancellationToken.IsCancellationRequested ? DeletionAfterSignal : RemoteRequests.Limit).ConfigureAwait(false);
        }
    }

    /// <summary>The announcement comes first: its answer is the identifier by which the recording can be deleted whatever happens.</summary>
    private async Task<string> AnnounceAsync(long size, DiarizerOptions options, CancellationToken cancellationToken)
    {
        byte[] announcement = Announcement(size, options);
        HttpRequestMessage Make()
        {
            var content = new ByteArrayContent(announcement);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpRequestMessage(HttpMethod.Post, "api/recordings") { Content = content };
        }

        using HttpResponseMessage response = await _requests.SendAsync(Make, RemoteRequests.Limit, whole: true, cancellationToken).ConfigureAwait(false);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(answer);
            string id = json.RootElement.GetProperty("id").GetString() ?? "";
            return id.Length is > 0 and <= LongestId && id.All(char.IsAsciiLetterOrDigit) ? id : throw new RemoteException($"{_address} is not a `diarist serve`: it gave no identifier.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RemoteException($"{_address} is not a `diarist serve`: it did not answer with a recording.", error);
        }
    }

    private static byte[] Announcement(long size, DiarizerOptions options)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("name", RecordingName);
            json.WriteNumber("size", size);
            json.WriteStartObject("options");
            foreach ((string member, int? value) in (ReadOnlySpan<(string, int?)>)[("speakers", options.Speakers), ("minSpeakers", options.MinimumSpeakers), ("maxSpeakers", options.MaximumSpeakers)])
            {
                if (value is { } number)
                {
                    json.WriteNumber(member, number);
                }
            }

            json.WriteBoolean("transcribe", false);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private async Task SendAsync(string id, Stream audio, CancellationToken cancellationToken)
    {
        var content = new StreamContent(audio);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = audio.Length;
        var request = new HttpRequestMessage(HttpMethod.Put, $"api/recordings/{id}/content") { Content = content };
        request.Headers.Add("Upload-Offset", "0");
        TimeSpan limit = RemoteRequests.Limit + TimeSpan.FromSeconds(audio.Length / (double)BytesPerSecond);
        (await _requests.SendOnceAsync(request, limit, cancellationToken).ConfigureAwait(false)).Dispose();
    }

    private async Task DeleteAsync(string id, TimeSpan limit)
    {
        try
        {
            (await _requests.SendOnceAsync(new HttpRequestMessage(HttpMethod.Delete, $"api/recordings/{id}"), limit, CancellationToken.None).ConfigureAwait(false)).Dispose();
        }
        catch (RemoteException error) when (error.Status == 404)
        {
            // It is gone already.
        }
        catch (RemoteException error)
        {
            Messages.Warn($"the recording may still be on the server, as {id}: {error.Message}");
        }
    }
}
