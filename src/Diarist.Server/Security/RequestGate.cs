using System.Net;
using Diarist.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Diarist.Server.Security;

/// <summary>
/// Who may come in at all. A page of another site can make a browser send requests here (cross-site posts), or give its own name this
/// server's address (DNS rebinding); both show in the headers Host and Origin. Ambiguous lengths, which a proxy may read otherwise, are refused.
/// </summary>
internal sealed class RequestGate(ServerOptions options, ApiKeys keys)
{
    /// <summary>Lets a request pass, answers it, or refuses it.</summary>
    /// <exception cref="ApiException">It is refused.</exception>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        RequireOneLength(request);
        RequireHost(request);
        if (IsForeign(request, out string? origin))
        {
            if (origin is null || !options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            {
                throw new ApiException(403, "origin", "Pages of other sites may not use this server; it can be started with their origins named.");
            }

            AllowOrigin(context, origin);
            if (HttpMethods.IsOptions(request.Method))
            {
                context.Response.StatusCode = 204;
                return;
            }
        }

        keys.Require(context);
        await next(context).ConfigureAwait(false);
    }

    // Kestrel takes chunks for the truth where both are given, and keeps the other header under this name.
    private static void RequireOneLength(HttpRequest request)
    {
        if (request.Headers.TransferEncoding.Count > 0 && (request.Headers.ContainsKey("X-Content-Length") || request.Headers.ContentLength is not null))
        {
            throw new ApiException(400, "length", "The request states its length twice.");
        }
    }

    // An address cannot be rebound, a name can.
    private void RequireHost(HttpRequest request)
    {
        string host = request.Host.Host.Trim('[', ']');
        if (!(IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)))
        {
            throw new ApiException(421, "host", "The request is addressed to a name that is not this server's; it can be started with the name allowed.");
        }
    }

    /// <summary>Whether a page of another site sends the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="origin">The site; <see langword="null"/> where the browser does not say which.</param>
    private static bool IsForeign(HttpRequest request, out string? origin)
    {
        StringValues stated = request.Headers.Origin;
        origin = stated.Count == 1 && stated[0] is { Length: > 0 } text && text != "null" ? text : null;
        if (stated.Count > 0)
        {
            // Behind a proxy that ends TLS, the page's scheme is https and the request's is not.
            return origin is null || !(string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase) || string.Equals(origin, $"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
        }

        // Browsers leave Origin out of some requests that fetch, and say then where these come from; a link that is followed is none of them.
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool followed = request.Headers["Sec-Fetch-Mode"] == "navigate" && HttpMethods.IsGet(request.Method);
        return site is "cross-site" or "same-site" && !followed;
    }

    private static void AllowOrigin(HttpContext context, string origin)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, DELETE";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Range, Upload-Offset, X-Api-Key";
        headers.AccessControlExposeHeaders = "Upload-Offset, Upload-Length, Location, x-request-id, Retry-After";
        headers.Vary = "Origin";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }
}
