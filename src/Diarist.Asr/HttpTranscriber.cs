using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Diarist.Asr;

/// <summary>An endpoint that speaks the OpenAI API's <c>audio/transcriptions</c>, wherever it runs.</summary>
/// <param name="Endpoint">The whole address, such as <c>http://localhost:8000/v1/audio/transcriptions</c>.</param>
/// <param name="Model">The model's name, as the endpoint knows it.</param>
public sealed record HttpTranscriberOptions(Uri Endpoint, string Model)
{
    /// <summary>The key that is sent as a bearer token; <see langword="null"/> (the default) sends none.</summary>
    public string? Key { get; init; }

    /// <summary>The language of the recording as the endpoint wants it named; <see langword="null"/> lets it find out.</summary>
    public string? Language { get; init; }

    /// <summary>The form of the answer. Default <c>verbose_json</c>, for which word times are asked.</summary>
    public string ResponseFormat { get; init; } = "verbose_json";

    /// <summary>How long one attempt may take, upload and recognition together. Default 30 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The most bytes that the answer may have. Default 64 MiB.</summary>
    public int MaximumAnswerBytes { get; init; } = 64 << 20;

    /// <summary>How often an attempt is repeated after 429, 500, 502, 503 or 504. Default 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The longest wait that the endpoint may ask for (Retry-After) before the attempt is given up. Default one minute.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Sends recordings to an endpoint as they are, streamed from the disk, and gives its answer to the byte.</summary>
public sealed class HttpTranscriber : ITranscriber, IDisposable
{
    private const int LongestComplaint = 300;

    private readonly HttpTranscriberOptions _options;
    private readonly HttpClient _client;
    private readonly TimeProvider _clock;

    /// <summary>Creates the recognizer.</summary>
    /// <param name="options">The endpoint.</param>
    /// <param name="clock">Measures the waits between attempts; the system's when left out.</param>
    public HttpTranscriber(HttpTranscriberOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Endpoint.IsAbsoluteUri || options.Endpoint.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The endpoint must be a complete http or https address.", nameof(options));
        }

        _options = options;
        _clock = clock ?? TimeProvider.System;

        // A redirect would send the recording, and the key, to an address that nobody named.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public async Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioPath);
        for (int attempt = 0; ; attempt++)
        {
            var (output, wait) = await AttemptAsync(audioPath, attempt, cancellationToken).ConfigureAwait(false);
            if (output is not null)
            {
                return output;
            }

            await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(RecognizerOutput? Output, TimeSpan Wait)> AttemptAsync(string audioPath, int attempt, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        using FileStream audio = Open(audioPath);
        using HttpRequestMessage request = MakeRequest(audio, Path.GetFileName(audioPath));
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                byte[] start = await BoundedReading.ReadStartAsync(body, 4 * LongestComplaint, limit.Token).ConfigureAwait(false);
                return (null, WaitOrFail(response, start, attempt));
            }

            byte[] answer = await BoundedReading.ReadAsync(body, _options.MaximumAnswerBytes, TooLong, limit.Token).ConfigureAwait(false);
            return (new RecognizerOutput(_options.Endpoint.ToString(), answer), TimeSpan.Zero);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TranscriberException($"{_options.Endpoint} gave no complete answer within {_options.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new TranscriberException($"{_options.Endpoint} could not be used: {(error.InnerException ?? error).Message}", error);
        }
    }

    private TranscriberException TooLong() =>
        new($"{_options.Endpoint} answered with more than {_options.MaximumAnswerBytes / (1 << 20)} MiB; no transcript is that long");

    private static FileStream Open(string audioPath)
    {
        try
        {
            return new FileStream(audioPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(audioPath, $"it cannot be read: {error.Message}", error);
        }
    }

    private HttpRequestMessage MakeRequest(FileStream audio, string name)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(_options.Model), "model" },
            { new StringContent(_options.ResponseFormat), "response_format" },
        };
        if (_options.Language is { } language)
        {
            form.Add(new StringContent(language), "language");
        }

        if (_options.ResponseFormat == "verbose_json")
        {
            form.Add(new StringContent("word"), "timestamp_granularities[]");
            form.Add(new StringContent("segment"), "timestamp_granularities[]");
        }

        // The file goes last, so that an endpoint that reads as it comes knows everything else by then.
        form.Add(new StreamContent(audio) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "file", name);
        var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = form };
        if (_options.Key is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    /// <summary>How long to wait before the next attempt; an error when there is none.</summary>
    private TimeSpan WaitOrFail(HttpResponseMessage response, byte[] body, int attempt)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").Trim();
        string complaint = Complaint(body);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new TranscriberException($"{_options.Endpoint} refuses the key ({status}); check the key that is sent{complaint}");
        }

        bool passing = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        if (!passing || attempt >= _options.Retries)
        {
            string tries = attempt > 0 ? $" after {attempt + 1} attempts" : "";
            throw new TranscriberException($"{_options.Endpoint} answered {status}{tries}{complaint}");
        }

        TimeSpan wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _clock.GetUtcNow(),
            _ => TimeSpan.FromSeconds(1 << Math.Min(attempt, 5)),
        };
        return wait <= _options.LongestWait
            ? wait < TimeSpan.Zero ? TimeSpan.Zero : wait
            : throw new TranscriberException($"{_options.Endpoint} answered {status} and asks to come back in {wait.TotalSeconds:0} s; try again then");
    }

    private static string Complaint(byte[] body)
    {
        string text = string.Join(' ', System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4 * LongestComplaint)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? "" : ": " + (text.Length <= LongestComplaint ? text : text[..LongestComplaint] + "…");
    }
}
