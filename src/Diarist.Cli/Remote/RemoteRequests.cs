using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Diarist.Cli.Remote;

/// <summary>Requests to a server, each bounded in time; what it refuses becomes one sentence.</summary>
internal sealed class RemoteRequests(HttpClient client)
{
    private const int Tries = 3;
    private const int LongestComplaint = 300;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>How long a request may take that carries no recording.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(1);

    private string Server => client.BaseAddress!.AbsoluteUri;

    /// <summary>Sends a request that may be repeated; after 429 and 503 it is, when the server says so in time, twice at most.</summary>
    /// <param name="make">Makes the request anew.</param>
    /// <param name="limit">How long each try may take.</param>
    /// <param name="whole">Whether the body is part of the answer; otherwise the caller reads it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, TimeSpan limit, bool whole, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            HttpResponseMessage response = await TryAsync(make(), limit, whole, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                TimeSpan wait = WaitOf(response);
                if (attempt == Tries || response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || wait > LongestWait)
                {
                    throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
                }

                Messages.Detail(string.Create(CultureInfo.InvariantCulture, $"{Server} is busy; trying again in {wait.TotalSeconds:0} s"));
                await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends a request that is not repeated.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await TryAsync(request, limit, whole: true, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The error that a broken connection is.</summary>
    public RemoteException Unreachable(Exception error) => new($"{Server} could not be reached, or broke off: {(error.InnerException ?? error).Message}", error);

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, TimeSpan limit, bool whole, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(limit);
        try
        {
            using (request)
            {
                return await client.SendAsync(request, whole ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead, bounded.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException(string.Create(CultureInfo.InvariantCulture, $"{Server} did not answer within {limit.TotalSeconds:0.##} s."), error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(error);
        }
    }

    private static TimeSpan WaitOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after && (after.Delta ?? (after.Date - DateTimeOffset.UtcNow)) is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1);

    private async Task<RemoteException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        string said = await DetailAsync(response, cancellationToken).ConfigureAwait(false);
        return new RemoteException(status switch
        {
            >= 300 and < 400 => $"{Server} redirects to another address ({status}), which is not followed; name the server itself with --server.",
            401 or 403 => $"{Server} refuses the key, or demands one ({status}); name it with --server-key-file or DIARIST_SERVER_KEY.{said}",
            404 => $"{Server} is not a `diarist serve`, or the recording is gone there (404).{said}",
            413 => $"the recording is too large for {Server} (413).{said}",
            429 => $"{Server} has too much to do (429); try again later.{said}",
            >= 500 => $"{Server} failed ({status}); try again later, or ask who runs it.{said}",
            _ => $"{Server} refuses the request ({status}).{said}",
        })
        {
            Status = status,
        };
    }

    /// <summary>What the server says about it, on one line.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            using Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            byte[] start = new byte[1 << 14];
            int count = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
            using var json = JsonDocument.Parse(start.AsMemory(0, count));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("detail", out JsonElement detail) && detail.GetString() is { Length: > 0 } text
                ? $" It says: {OneLine(text)}"
                : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "";
        }
    }

    /// <summary>A text of the server, fit for a terminal.</summary>
    public static string OneLine(string text) => string.Concat(text.Take(LongestComplaint).Select(letter => char.IsControl(letter) ? ' ' : letter));
}
