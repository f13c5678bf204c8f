using System.Text.Json;

namespace Diarist.Cli.Remote;

/// <summary>Waits for a recording by the server's events, one request however long it takes.</summary>
internal sealed class RemoteEvents(RemoteRequests requests, Uri address)
{
    private const int LongestLine = 1 << 20;
    private const int Connections = 4;

    // The server sends a comment every 10 s.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    /// <summary>Returns when the recording is done.</summary>
    /// <exception cref="InputException">The server cannot read the recording.</exception>
    /// <exception cref="RemoteException">It has no result for another reason.</exception>
    public async Task WaitAsync(string id, string name, IProgress<DiarizationProgress> progress, CancellationToken cancellationToken)
    {
        Exception? last = null;
        for (int connection = 0; connection < Connections; connection++)
        {
            using HttpResponseMessage response = await requests.SendAsync(
                () => new HttpRequestMessage(HttpMethod.Get, $"api/recordings/{id}/events"), RemoteRequests.Limit, whole: false, cancellationToken).ConfigureAwait(false);
            try
            {
                using Stream events = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                if (await FollowAsync(events, name, progress, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (Exception error) when (error is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                last = error;
            }
        }

        throw last is null ? new RemoteException($"{address} stopped reporting on the recording before it was done.") : requests.Unreachable(last);
    }

    private async Task<bool> FollowAsync(Stream events, string name, IProgress<DiarizationProgress> progress, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 14];
        var line = new MemoryStream();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            int count;
            silence.CancelAfter(Silence);
            try
            {
                count = await events.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"nothing came for {Silence.TotalSeconds:0} s", error);
            }

            if (count == 0)
            {
                return false;
            }

            foreach (byte value in buffer.AsSpan(0, count))
            {
                if (value != (byte)'\n')
                {
                    line.WriteByte(value);
                    continue;
                }

                if (IsDone(line.GetBuffer().AsMemory(0, (int)line.Length), name, progress))
                {
                    return true;
                }

                line.SetLength(0);
            }

            if (line.Length > LongestLine)
            {
                throw new RemoteException($"{address} is not a `diarist serve`: its events are longer than 1 MiB.");
            }
        }
    }

    private bool IsDone(ReadOnlyMemory<byte> line, string name, IProgress<DiarizationProgress> progress)
    {
        if (!line.Span.StartsWith("data:"u8))
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(line["data:".Length..]);
            JsonElement recording = json.RootElement;
            switch (recording.TryGetProperty("state", out JsonElement state) ? state.GetString() : "gone")
            {
                case "done":
                    return true;
                case "failed":
                    throw Failure(recording, name);
                case "cancelled" or "gone":
                    throw new RemoteException($"{address} gives no result: the recording was cancelled or deleted there.");
                default:
                    Report(recording, progress);
                    return false;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new RemoteException($"{address} is not a `diarist serve`: its events cannot be read.", error);
        }
    }

    private Exception Failure(JsonElement recording, string name)
    {
        JsonElement error = recording.TryGetProperty("error", out JsonElement found) ? found : default;
        string Text(string member) => error.ValueKind == JsonValueKind.Object && error.TryGetProperty(member, out JsonElement value) ? RemoteRequests.OneLine(value.GetString() ?? "") : "";
        string message = Text("message");
        const string Prefix = $"{RemoteServer.RecordingName}: ";
        return Text("code") is "audio" or "recording"
            ? new InputException(name, message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message)
            : new RemoteException($"{address} failed: {message}");
    }

    private static void Report(JsonElement recording, IProgress<DiarizationProgress> progress)
    {
        if (recording.TryGetProperty("progress", out JsonElement share) && share.ValueKind == JsonValueKind.Number
            && recording.TryGetProperty("seconds", out JsonElement length) && length.ValueKind == JsonValueKind.Number)
        {
            progress.Report(new DiarizationProgress(DiarizationStage.Listening, share.GetDouble() * length.GetDouble(), length.GetDouble()));
        }
    }
}
