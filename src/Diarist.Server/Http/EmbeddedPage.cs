using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Http;

/// <summary>The page's files, which are resources of this assembly.</summary>
internal static class EmbeddedPage
{
    private const string Prefix = "wwwroot/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".webmanifest"] = "application/manifest+json; charset=utf-8",
        [".svg"] = "image/svg+xml; charset=utf-8",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private static readonly HashSet<string> Paths = [.. Names().Select(name => $"/{name[Prefix.Length..].Replace('\\', '/')}"), "/"];

    /// <summary>Whether a path is one of the page's files.</summary>
    public static bool Holds(PathString path) => Paths.Contains(path.Value ?? "");

    /// <summary>Maps every file to its path, and the page itself to the root.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string name in Names())
        {
            string path = name[Prefix.Length..].Replace('\\', '/');
            var file = new Lazy<(byte[] Bytes, string Tag)>(() => Read(name));
            string type = Types.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream");
            Task Send(HttpContext context) => SendAsync(context, file.Value.Bytes, file.Value.Tag, type);
            routes.MapMethods($"/{path}", ["GET", "HEAD"], Send).ExcludeFromDescription();
            if (path == "index.html")
            {
                routes.MapMethods("/", ["GET", "HEAD"], Send).ExcludeFromDescription();
            }
        }
    }

    private static async Task SendAsync(HttpContext context, byte[] bytes, string tag, string type)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = 304;
            return;
        }

        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> Names() => typeof(EmbeddedPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static (byte[] Bytes, string Tag) Read(string name)
    {
        using Stream stream = typeof(EmbeddedPage).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }
}
