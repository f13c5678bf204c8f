using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diarist.Server.Http;

/// <summary>JSON in requests and answers.</summary>
internal static class JsonResponses
{
    private const long LargestBody = 1 << 20;

    /// <summary>Writes an answer.</summary>
    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int? status = null)
    {
        if (status is { } code)
        {
            context.Response.StatusCode = code;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    /// <summary>Reads a body of at most a mebibyte.</summary>
    /// <exception cref="ApiException">There is none, or it is too large.</exception>
    /// <exception cref="JsonException">It is something else.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        RequestLimits.Allow(context, LargestBody);
        return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false)
            ?? throw new ApiException(400, "json", "The body is not the JSON that is expected here.");
    }
}

/// <summary>How large a request may be.</summary>
internal static class RequestLimits
{
    /// <summary>Lets this request have so many bytes, before its body is read.</summary>
    public static void Allow(HttpContext context, long bytes)
    {
        if (context.Request.ContentLength > bytes)
        {
            throw new ApiException(413, "too_large", $"The request has {context.Request.ContentLength} bytes; this server takes {bytes} here.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytes;
        }
    }
}
