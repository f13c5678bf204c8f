using System.Globalization;
using System.Net;
using Diarist.Jobs;
using Diarist.Server.Security;

namespace Diarist.Cli.Queue;

/// <summary>
/// Fetches recordings by HTTP for a worker. Jobs come from a queue that others write to, so only hosts that the worker's keeper named are asked, and
/// of those only public addresses and networks that the keeper named.
/// </summary>
/// <param name="hosts">The names of the hosts.</param>
/// <param name="networks">Networks of addresses that are not public.</param>
internal sealed class AudioFetcher(string[] hosts, IPNetwork[] networks) : IDisposable
{
    private const long MostBytes = 64L << 30;
    private const int BlockBytes = 1 << 17;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(16);

    private readonly AllowedHosts _hosts = new(hosts, address => PublicAddresses.Contains(address) || networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));

    /// <summary>Fetches the audio of a job into a file. What may pass is tried again for half a minute.</summary>
    /// <param name="job">The job.</param>
    /// <param name="path">The file.</param>
    /// <param name="limit">The longest time for it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InputException">The host may not be asked or does not have it, it is longer or shorter than the job says, or it takes too long.</exception>
    public async Task FetchAsync(Job job, string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (job.Bytes is < 0 or > MostBytes)
        {
            throw new InputException(job.Url!, string.Create(CultureInfo.InvariantCulture, $"has {job.Bytes} bytes; a worker fetches {MostBytes} at most"));
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        try
        {
            for (TimeSpan pause = FirstPause; ; pause *= 2)
            {
                string problem;
                try
                {
                    if (await AttemptAsync(job, path, time.Token).ConfigureAwait(false) is not { } passing)
                    {
                        return;
                    }

                    problem = passing;
                }
                catch (HttpRequestException error) when (error.InnerException is NoPublicAddressException)
                {
                    throw new InputException(job.Url!, $"cannot be fetched: {error.InnerException.Message}, and no network of it is allowed to this worker", error);
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    problem = (error.InnerException ?? error).Message;
                }

                if (pause > LastPause)
                {
                    throw new InputException(job.Url!, $"cannot be fetched: {problem}");
                }

                await Task.Delay(pause, time.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InputException(job.Url!, string.Create(CultureInfo.InvariantCulture, $"was not fetched within {limit.TotalSeconds:0.#} s"));
        }
    }

    public void Dispose() => _hosts.Dispose();

    private Uri Require(string text)
    {
        Uri address = AllowedHosts.Parse(text) ?? throw new InputException(text, "is no http or https address");
        return _hosts.Allow(address) ? address : throw new InputException(text, $"this worker does not fetch from {address.IdnHost}; it can be started with the host allowed");
    }

    // What went wrong and may pass; null when the file is there.
    private async Task<string?> AttemptAsync(Job job, string path, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            silence.CancelAfter(Silence);
            using HttpResponseMessage response = await _hosts.GetAsync(Require(job.Url!), Require, silence.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                string answer = string.Create(CultureInfo.InvariantCulture, $"the host answered {(int)response.StatusCode}");
                return response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                    ? answer
                    : throw new InputException(job.Url!, $"cannot be fetched: {answer}");
            }

            Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                FileStream file = File.Create(path);
                await using (file.ConfigureAwait(false))
                {
                    var block = new byte[BlockBytes];
                    for (int read; (read = await body.ReadAsync(block, silence.Token).ConfigureAwait(false)) > 0; silence.CancelAfter(Silence))
                    {
                        if (file.Position + read > job.Bytes)
                        {
                            throw new InputException(job.Url!, string.Create(CultureInfo.InvariantCulture, $"has more than the {job.Bytes} bytes of the recording that was submitted"));
                        }

                        await file.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    }

                    return file.Position == job.Bytes ? null : string.Create(CultureInfo.InvariantCulture, $"it ends after {file.Position} of {job.Bytes} bytes");
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the host was silent for {Silence.TotalSeconds:0} s");
        }
    }
}
