using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diarist.Server.Http;

/// <summary>Server-sent events (HTML standard, 9.2): the headers go out at once, and comments are the signs of life.</summary>
internal sealed class EventStream(HttpContext context)
{
    private static readonly byte[] Comment = ": alive\n\n"u8.ToArray();

    /// <summary>Sends the headers.</summary>
    public async Task StartAsync()
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        await SendRawAsync(Comment).ConfigureAwait(false);
    }

    /// <summary>Sends an event.</summary>
    /// <param name="name">Its name; <see langword="null"/> sends only data.</param>
    /// <param name="data">Its data.</param>
    /// <param name="type">How they are written; without line breaks.</param>
    public Task SendAsync<T>(string? name, T data, JsonTypeInfo<T> type) =>
        SendRawAsync(Encoding.UTF8.GetBytes($"{(name is null ? "" : $"event: {name}\n")}data: {JsonSerializer.Serialize(data, type)}\n\n"));

    /// <summary>Sends a comment, which clients skip.</summary>
    public Task SendCommentAsync() => SendRawAsync(Comment);

    /// <summary>Waits for the next item of a channel, with signs of life; false at the channel's end.</summary>
    public async Task<bool> WaitAsync<T>(ChannelReader<T> reader, TimeSpan keepAlive)
    {
        Task<bool> ready = reader.WaitToReadAsync(context.RequestAborted).AsTask();
        while (await Task.WhenAny(ready, Task.Delay(keepAlive, context.RequestAborted)).ConfigureAwait(false) != ready)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            await SendCommentAsync().ConfigureAwait(false);
        }

        return await ready.ConfigureAwait(false);
    }

    private async Task SendRawAsync(byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
