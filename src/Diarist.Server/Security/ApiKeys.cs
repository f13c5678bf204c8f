using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Diarist.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Diarist.Server.Security;

/// <summary>
/// Keys of clients. They are compared by their hashes, all of them, in the same time whatever was sent; who guesses too often waits. A browser
/// trades its key for a cookie that scripts cannot read, because it sends no headers of its own for sound and events.
/// </summary>
internal sealed class ApiKeys(ServerOptions options)
{
    private const string Cookie = "diarist-visit";
    private const int MostFailures = 20;
    private const int MostVisits = 1000;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(1);

    private readonly byte[][] _hashes = [.. options.ApiKeys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];
    private readonly ConcurrentDictionary<IPAddress, (int Count, DateTimeOffset Since)> _failures = new();
    private readonly ConcurrentDictionary<string, byte> _visits = new();

    /// <summary>Whether keys are demanded.</summary>
    public bool Demanded => _hashes.Length > 0;

    /// <summary>Refuses a request without a key that is known. The page's own files, addresses that hold a secret, and whether the server lives, need none.</summary>
    /// <exception cref="ApiException">It has none.</exception>
    public void Require(HttpContext context)
    {
        if (!Demanded || IsOpen(context.Request))
        {
            return;
        }

        if (context.Request.Cookies[Cookie] is { } visit && _visits.ContainsKey(Hash(visit)))
        {
            return;
        }

        string? sent = Sent(context.Request);
        if (sent is null)
        {
            throw new ApiException(401, "key", "This server demands a key, as `Authorization: Bearer KEY`.");
        }

        RequireKnown(context, sent);
    }

    /// <summary>Trades a key for a cookie.</summary>
    /// <exception cref="ApiException">The key is not known.</exception>
    public void Admit(HttpContext context, string? key)
    {
        if (!Demanded)
        {
            return;
        }

        RequireKnown(context, key ?? "");
        string visit = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        if (_visits.Count >= MostVisits)
        {
            _visits.Clear();
        }

        _visits.TryAdd(Hash(visit), 0);
        context.Response.Cookies.Append(Cookie, visit, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps || context.Request.Headers.Origin.ToString().StartsWith("https:", StringComparison.Ordinal), Path = "/" });
    }

    private void RequireKnown(HttpContext context, string key)
    {
        IPAddress address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        DateTimeOffset now = options.Clock.GetUtcNow();
        bool recent = _failures.TryGetValue(address, out var failures) && now - failures.Since < FailureWindow;
        if (recent && failures.Count >= MostFailures)
        {
            throw new ApiException(429, "guessing", "Too many wrong keys came from this address.") { RetryAfterSeconds = (int)FailureWindow.TotalSeconds };
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        bool known = false;
        foreach (byte[] one in _hashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(one, hash);
        }

        if (!known)
        {
            _failures[address] = recent ? (failures.Count + 1, failures.Since) : (1, now);
            throw new ApiException(401, "key", "The key is not one of this server's.");
        }
    }

    private static string? Sent(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key ? key : null;
    }

    private static bool IsOpen(HttpRequest request) =>
        request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        || request.Path == "/api/login"
        || request.Path.StartsWithSegments("/v1/media/upload", StringComparison.Ordinal)
        || ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && EmbeddedPage.Holds(request.Path));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
