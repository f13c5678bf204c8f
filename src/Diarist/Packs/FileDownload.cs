using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;

namespace Diarist.Packs;

/// <summary>
/// Brings one file into a part file: takes up what an earlier pull left, hashes as it writes, never takes more than was announced, and ends
/// only when the content is the one that the catalog names.
/// </summary>
internal sealed class FileDownload : IDisposable
{
    private readonly PackPlanFile _file;
    private readonly PackSource _source;
    private readonly DownloadLimits _limits;
    private readonly TimeProvider _time;
    private readonly IProgress<PackProgress>? _progress;
    private readonly FileStream _part;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _received;

    public FileDownload(PackPlanFile file, string partPath, PackSource source, DownloadLimits limits, TimeProvider time, IProgress<PackProgress>? progress)
    {
        (_file, _source, _limits, _time, _progress) = (file, source, limits, time, progress);
        _part = new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1, FileOptions.Asynchronous);
    }

    /// <summary>Fills the part file; returns the address that the content came from.</summary>
    /// <exception cref="PackDownloadException">No address has the file.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await TakeUpAsync(cancellationToken).ConfigureAwait(false);
        var failures = new List<string>();
        Exception? last = null;
        foreach (string address in _file.Variant.Addresses)
        {
            try
            {
                await FromAddressAsync(new Uri(address), cancellationToken).ConfigureAwait(false);
                _part.Flush(flushToDisk: true);
                return address;
            }
            catch (AttemptException error)
            {
                failures.Add($"{address}: {error.Message}");
                last = error.InnerException ?? error;
            }
        }

        string kept = _received > 0 ? $" The {PackText.Size(_received)} that came are kept; the next pull goes on from there." : "";
        throw new PackDownloadException($"{_file.Pack.Id}/{_file.File.Name} could not be fetched: {string.Join("; ", failures)}.{kept}", last);
    }

    public void Dispose()
    {
        _part.Dispose();
        _hash.Dispose();
    }

    private bool IsComplete => Convert.ToHexStringLower(_hash.GetCurrentHash()) == _file.Variant.Sha256;

    private async Task FromAddressAsync(Uri address, CancellationToken cancellationToken)
    {
        int barren = 0;
        for (int attempt = 1; !IsComplete; attempt++)
        {
            long before = _received;
            try
            {
                await AttemptAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (AttemptException error) when (error.MayPass && attempt < _limits.AttemptsInAll)
            {
                barren = _received > before && !error.Stalled ? 0 : barren + 1;
                if (barren >= (error.Unreachable ? _limits.Connections : _limits.Attempts))
                {
                    throw new AttemptException($"{error.Message} ({attempt} attempts)", mayPass: false, error.InnerException);
                }

                TimeSpan delay = Delay(barren, error.RetryAfter);
                _progress?.Report(new PackProgress(_file, _received, $"{address.Host}: {error.Message}; again in {delay.TotalSeconds:0.0} s"));
                await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AttemptAsync(Uri address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _source.OpenAsync(address, _received, cancellationToken).ConfigureAwait(false);
        bool resumed = AgreeOnStart(response);
        CheckLength(response, _received);
        await ReceiveAsync(response, cancellationToken).ConfigureAwait(false);
        Conclude(mayPass: resumed || (response.Content.Headers.ContentLength is null && _file.Variant.Bytes is null));
    }

    // A part of an earlier pull is hashed so that the hash can go on where it stopped.
    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        if (_part.Length > _file.Variant.MaximumBytes)
        {
            StartOver();
        }

        int read;
        while ((read = await _part.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _hash.AppendData(_buffer, 0, read);
            _received += read;
        }

        if (_received == _file.Variant.Bytes && !IsComplete)
        {
            StartOver();
        }

        _progress?.Report(new PackProgress(_file, _received));
    }

    private void StartOver()
    {
        _part.SetLength(0);
        _part.Position = 0;
        _hash.GetHashAndReset();
        _received = 0;
    }

    // Whether the answer goes on where the part ends; one from the beginning clears the part.
    private bool AgreeOnStart(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            if (_received > 0 && response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from } && from == _received)
            {
                return true;
            }

            StartOver();
            throw new AttemptException("it answers with another range than it was asked for", mayPass: true) { Stalled = true };
        }

        if (_received > 0)
        {
            StartOver();
        }

        return false;
    }

    private void CheckLength(HttpResponseMessage response, long start)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            throw new AttemptException($"it answers in the encoding {string.Join(", ", response.Content.Headers.ContentEncoding)}, which was not asked for", mayPass: false);
        }

        if (response.Content.Headers.ContentLength is { } length
            && (start + length > _file.Variant.MaximumBytes || (_file.Variant.Bytes is { } exact && start + length != exact)))
        {
            throw new AttemptException($"it announces {start + length} bytes where the catalog says {Announced}", mayPass: false);
        }
    }

    private string Announced => _file.Variant.Bytes is { } exact ? $"{exact}" : $"about {_file.Variant.AboutBytes}";

    private async Task ReceiveAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        long begun = Stopwatch.GetTimestamp();
        long inThisAttempt = 0;
        while (true)
        {
            int read = await ReadAsync(content, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            if (_received + read > _file.Variant.MaximumBytes)
            {
                StartOver();
                throw new AttemptException($"it sends more than the {Announced} bytes that the catalog announces", mayPass: false);
            }

            await _part.WriteAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            _hash.AppendData(_buffer, 0, read);
            _received += read;
            inThisAttempt += read;
            _progress?.Report(new PackProgress(_file, _received));
            TimeSpan lasted = Stopwatch.GetElapsedTime(begun);
            if (lasted > _limits.Idle && inThisAttempt < _limits.MinimumBytesPerSecond * lasted.TotalSeconds)
            {
                throw new AttemptException($"it sends only {inThisAttempt / lasted.TotalSeconds:0} bytes a second", mayPass: true) { Stalled = true };
            }
        }
    }

    private async Task<int> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_limits.Idle);
        try
        {
            return await content.ReadAsync(_buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AttemptException($"it sent nothing for {_limits.Idle.TotalSeconds:0} s", mayPass: true) { Stalled = true };
        }
        catch (IOException error)
        {
            throw new AttemptException($"the connection was cut after {_received} of {Announced} bytes", mayPass: true, error);
        }
    }

    // The answer has ended in good order. Whether it was whole, the hash says.
    private void Conclude(bool mayPass)
    {
        if (IsComplete)
        {
            return;
        }

        if (_file.Variant.Bytes is { } exact && _received < exact)
        {
            throw new AttemptException($"the answer ended after {_received} of {exact} bytes", mayPass: true);
        }

        string found = Convert.ToHexStringLower(_hash.GetCurrentHash());
        StartOver();
        throw new AttemptException($"its content has SHA-256 {found} where the catalog says {_file.Variant.Sha256}", mayPass) { Stalled = true };
    }

    private TimeSpan Delay(int barren, TimeSpan asked)
    {
        TimeSpan own = _limits.FirstDelay * Math.Pow(2, Math.Max(0, barren - 1));
        own = own < _limits.LongestDelay ? own : _limits.LongestDelay;
        return asked > own ? asked : own;
    }
}
