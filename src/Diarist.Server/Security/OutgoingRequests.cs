using System.Net;
using System.Net.Sockets;
using Diarist.Server.Http;

namespace Diarist.Server.Security;

/// <summary>
/// What the server may ask of others: only hosts that were allowed by name, and of those only public addresses. The address is checked where
/// the connection is made, so that neither a redirect nor a name server's second answer leads elsewhere.
/// </summary>
internal sealed class OutgoingRequests : IDisposable
{
    private const int MostRedirects = 3;

    private readonly ServerOptions _options;
    private readonly HttpClient _client;

    public OutgoingRequests(ServerOptions options)
    {
        _options = options;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>An address that may be asked.</summary>
    /// <param name="text">The address.</param>
    /// <param name="parameter">The parameter that holds it, for the error.</param>
    /// <exception cref="ApiException">It is no address, or its host was not allowed.</exception>
    public Uri Require(string text, string parameter)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
        {
            throw ApiException.Invalid(parameter, $"{parameter} is no http or https address.");
        }

        return _options.FetchHosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase)
            ? address
            : throw new ApiException(400, "host_not_allowed", $"This server does not connect to {address.IdnHost}; it can be started with the host allowed.") { Parameter = parameter };
    }

    /// <summary>Fetches a recording into a file.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="InputException">It cannot be fetched, or is too large.</exception>
    public async Task<long> FetchAsync(string text, string path, CancellationToken cancellationToken)
    {
        try
        {
            Uri address = Require(text, "url");
            for (int redirects = 0; ; redirects++)
            {
                using HttpResponseMessage response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } next && redirects < MostRedirects)
                {
                    address = Require(new Uri(address, next).AbsoluteUri, "url");
                    continue;
                }

                if (!response.IsSuccessStatusCode)
                {
                    throw new InputException(text, $"cannot be fetched: the host answered {(int)response.StatusCode}");
                }

                using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                return await UploadWriter.AppendAsync(body, path, 0, _options.MaximumUploadBytes, hash: null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ApiException error)
        {
            throw new InputException(text, error.Message, error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new InputException(text, $"cannot be fetched: {(error.InnerException ?? error).Message}", error);
        }
    }

    /// <summary>Posts JSON; redirects are not followed.</summary>
    /// <returns>Why it failed; <see langword="null"/> when it did not.</returns>
    public async Task<string?> PostAsync(string text, byte[] json, int tries, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Require(text, "webhook")) { Content = new ByteArrayContent(json) };
            request.Content.Headers.ContentType = new("application/json");
            if (tries > 0)
            {
                request.Headers.Add("x-retry-num", tries.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or IOException or ApiException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return error is OperationCanceledException ? "no answer within 10 s" : error.Message;
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        IPAddress address = addresses.FirstOrDefault(_options.MayConnect) ?? throw new IOException($"{context.DnsEndPoint.Host} has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
