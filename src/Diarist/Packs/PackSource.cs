using System.Net;
using System.Net.Http.Headers;

namespace Diarist.Packs;

/// <summary>Why one attempt at an address failed.</summary>
/// <param name="message">What went wrong, without the address.</param>
/// <param name="mayPass">Whether another attempt at the same address may do better.</param>
/// <param name="inner">The error that caused this one, if any.</param>
internal sealed class AttemptException(string message, bool mayPass, Exception? inner = null) : Exception(message, inner)
{
    public bool MayPass { get; } = mayPass;

    /// <summary>Whether the server was there but slow, so that what it did send does not count as progress.</summary>
    public bool Stalled { get; init; }

    /// <summary>Whether no connection was made, so that there is little sense in trying often.</summary>
    public bool Unreachable { get; init; }

    /// <summary>How long the server asked to be left alone.</summary>
    public TimeSpan RetryAfter { get; init; }
}

/// <summary>Opens addresses: https only (http on this machine), redirects followed by hand so that none leads into the clear, everything with a time limit.</summary>
internal sealed class PackSource : IDisposable
{
    private readonly HttpClient _client;
    private readonly DownloadLimits _limits;
    private readonly TimeProvider _time;

    public PackSource(DownloadLimits limits, TimeProvider time)
    {
        _limits = limits;
        _time = time;

        // The handler's default proxy follows HTTPS_PROXY, ALL_PROXY and NO_PROXY, or the system's settings.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = limits.Connect,
            UseCookies = false,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("diarist", typeof(PackSource).Assembly.GetName().Version?.ToString(3)));
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>The answer of an address, its headers read, with status 200, 206 or 416.</summary>
    /// <param name="address">The address.</param>
    /// <param name="from">The byte to begin at; a server may begin at 0 all the same, with status 200.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="AttemptException">There is no such answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await SendAsync(address, from, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return response;
            }

            using (response)
            {
                if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                {
                    throw Refusal(response);
                }

                Uri next = new(address, location);
                if (redirects == _limits.Redirects)
                {
                    throw new AttemptException($"it redirects more than {_limits.Redirects} times", mayPass: false);
                }

                if (!PackRules.MayFollow(address, next))
                {
                    throw new AttemptException($"it redirects to {next.Scheme}://{next.Authority}, which is refused: only https may follow", mayPass: false);
                }

                address = next;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_limits.Headers);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AttemptException($"it did not answer within {_limits.Headers.TotalSeconds:0} s", mayPass: true) { Stalled = true };
        }
        catch (HttpRequestException error)
        {
            throw Explain(error);
        }
    }

    private static AttemptException Explain(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new AttemptException("the host's name is not known here (no connection?)", mayPass: false, error),
        HttpRequestError.SecureConnectionError => new AttemptException($"no secure connection: {error.InnerException?.Message ?? error.Message}", mayPass: false, error),
        HttpRequestError.ProxyTunnelError => new AttemptException($"the proxy refuses: {error.Message}", mayPass: false, error),
        HttpRequestError.ConnectionError => new AttemptException(error.Message, mayPass: true, error) { Unreachable = true },
        _ => new AttemptException(error.Message, mayPass: true, error),
    };

    private AttemptException Refusal(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        string message = $"it answers {status} {response.ReasonPhrase}".TrimEnd();
        bool mayPass = status is 408 or 429 or 500 or 502 or 503 or 504;
        TimeSpan wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return wait > _limits.LongestRetryAfter
            ? new AttemptException($"{message} and asks to wait {wait.TotalSeconds:0} s; try again then", mayPass: false)
            : new AttemptException(message, mayPass) { RetryAfter = wait };
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}
