using System.Net;
using System.Net.Sockets;

namespace Diarist.Server.Security;

/// <summary>
/// HTTP to addresses that others choose: only hosts that were allowed by name, and of those only addresses that may be connected to. The address is
/// checked where the connection is made, so that neither a redirect nor a name server's second answer leads elsewhere.
/// </summary>
internal sealed class AllowedHosts : IDisposable
{
    private const int MostRedirects = 3;

    private readonly IReadOnlyCollection<string> _names;
    private readonly Func<IPAddress, bool> _mayConnect;

    /// <param name="names">The names of the hosts.</param>
    /// <param name="mayConnect">Whether a connection may be made to an address that a name stands for.</param>
    public AllowedHosts(IReadOnlyCollection<string> names, Func<IPAddress, bool> mayConnect)
    {
        (_names, _mayConnect) = (names, mayConnect);
        Client = new HttpClient(new SocketsHttpHandler
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

    /// <summary>Sends requests; connects to no address that may not be connected to, and follows no redirect.</summary>
    public HttpClient Client { get; }

    /// <summary>An http or https address without a user's name; <see langword="null"/> for any other text.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 ? address : null;

    /// <summary>Whether the host of an address was allowed.</summary>
    public bool Allow(Uri address) => _names.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks for what is at an address, and reads the headers of the answer.</summary>
    /// <param name="address">The address, whose host is allowed.</param>
    /// <param name="require">Takes the address that a redirect names; throws where it is not allowed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<HttpResponseMessage> GetAsync(Uri address, Func<string, Uri> require, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } next || redirects == MostRedirects)
            {
                return response;
            }

            response.Dispose();
            address = require(new Uri(address, next).AbsoluteUri);
        }
    }

    public void Dispose() => Client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        IPAddress address = addresses.FirstOrDefault(_mayConnect) ?? throw new NoPublicAddressException($"{context.DnsEndPoint.Host} has no public address");
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

/// <summary>A host's name stands for no address that may be connected to.</summary>
internal sealed class NoPublicAddressException(string message) : IOException(message);
