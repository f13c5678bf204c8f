using Diarist.Server.Http;

namespace Diarist.Server.Security;

/// <summary>What the server asks of others: recordings of hosts that were allowed by name, and the telling of a job's end.</summary>
internal sealed class OutgoingRequests(ServerOptions options) : IDisposable
{
    private readonly AllowedHosts _hosts = new(options.FetchHosts, options.MayConnect);

    /// <summary>An address that may be asked.</summary>
    /// <param name="text">The address.</param>
    /// <param name="parameter">The parameter that holds it, for the error.</param>
    /// <exception cref="ApiException">It is no address, or its host was not allowed.</exception>
    public Uri Require(string text, string parameter)
    {
        Uri address = AllowedHosts.Parse(text) ?? throw ApiException.Invalid(parameter, $"{parameter} is not an http or https address.");
        return _hosts.Allow(address)
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
            using HttpResponseMessage response = await _hosts.GetAsync(Require(text, "url"), next => Require(next, "url"), cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new InputException(text, $"cannot be fetched: the host answered {(int)response.StatusCode}");
            }

            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await UploadWriter.AppendAsync(body, path, 0, options.MaximumUploadBytes, hash: null, cancellationToken).ConfigureAwait(false);
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

            using HttpResponseMessage response = await _hosts.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or IOException or ApiException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return error is OperationCanceledException ? "no answer within 10 s" : error.Message;
        }
    }

    public void Dispose() => _hosts.Dispose();
}
