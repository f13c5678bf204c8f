using NATS.Client.Core;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;

namespace Diarist.Jobs;

// Audio, and the files of results that are too large for a message.
public sealed partial class JobQueue
{
    // A server that has just come back may not have taken up yet what the others hold.
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(5);

    /// <summary>Stores audio under a name; what is there already is not sent again.</summary>
    /// <exception cref="JobQueueException">The server does not take it.</exception>
    public Task StoreAudioAsync(string name, string path, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            if (!await IsWholeAsync(AudioBucket, name, cancellationToken).ConfigureAwait(false))
            {
                INatsObjStore store = await _stores.GetObjectStoreAsync(AudioBucket, cancellationToken).ConfigureAwait(false);
                using FileStream file = File.OpenRead(path);
                await store.PutAsync(new ObjectMetadata { Name = name }, file, leaveOpen: true, cancellationToken).ConfigureAwait(false);
            }

            return true;
        },
        forever: false,
        cancellationToken);

    /// <summary>Fetches audio into a file.</summary>
    /// <returns>Whether it was there, at the latest after some seconds.</returns>
    public async Task<bool> FetchAudioAsync(string name, string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.Create(path);
        return await FetchAsync(AudioBucket, name, file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes audio that is not needed any more.</summary>
    public Task RemoveAudioAsync(string name, CancellationToken cancellationToken) => RemoveAsync(AudioBucket, name, cancellationToken);

    /// <summary>Stores a file of a result.</summary>
    public Task StoreFileAsync(string name, byte[] bytes, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            INatsObjStore store = await _stores.GetObjectStoreAsync(FileBucket, cancellationToken).ConfigureAwait(false);
            await store.PutAsync(name, bytes, cancellationToken).ConfigureAwait(false);
            return true;
        },
        forever: false,
        cancellationToken);

    /// <summary>Fetches a file of a result; <see langword="null"/> when it is not there, also not after some seconds.</summary>
    public async Task<byte[]?> FetchFileAsync(string name, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        return await FetchAsync(FileBucket, name, bytes, cancellationToken).ConfigureAwait(false) ? bytes.ToArray() : null;
    }

    /// <summary>Whether a file of a result is there.</summary>
    public Task<bool> HasFileAsync(string name, CancellationToken cancellationToken) => RetryAsync(() => IsWholeAsync(FileBucket, name, cancellationToken), forever: false, cancellationToken);

    /// <summary>Removes a file that is not needed any more.</summary>
    public Task RemoveFileAsync(string name, CancellationToken cancellationToken) => RemoveAsync(FileBucket, name, cancellationToken);

    /// <summary>The SHA-256 of audio in the store, in lower-case hexadecimal digits, and its length.</summary>
    /// <exception cref="JobQueueException">It is not there.</exception>
    public Task<(string Sha256, long Bytes)> DescribeAudioAsync(string name, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            StoredObject found = await DescribeAsync(AudioBucket, name, cancellationToken).ConfigureAwait(false) ?? throw new JobQueueException($"{name}: there is no such object in the store {AudioBucket}");
            return (found.Sha256 ?? throw new JobQueueException($"{name}: the store {AudioBucket} has no SHA-256 of it"), found.Bytes);
        },
        forever: false,
        cancellationToken);

    private Task<bool> FetchAsync(string bucket, string name, Stream target, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)Absence.TotalMilliseconds;
        return RetryAsync(
            async () =>
            {
                if (await ReadAsync(bucket, name, target, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }

                return Environment.TickCount64 > end ? false : throw new NatsException($"{name} is not there yet");
            },
            forever: false,
            cancellationToken);
    }

    // Chunk by chunk from the stream's leader. A consumer, as clients usually read objects, may be put on a server that has just come back and
    // does not have them yet; it waits for them without end. It also costs the cluster a vote for every object.
    private async Task<bool> ReadAsync(string bucket, string name, Stream target, CancellationToken cancellationToken)
    {
        if (await DescribeAsync(bucket, name, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        target.SetLength(0);
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        ulong next = 1;
        for (int chunk = 0; chunk < found.Chunks; chunk++)
        {
            if (await GetAsync(StreamOf(bucket), new StreamMsgGetRequest { Seq = next, NextBySubj = found.ChunkSubject }, cancellationToken).ConfigureAwait(false) is not { } message)
            {
                return false;
            }

            hash.AppendData(message.Data.Span);
            await target.WriteAsync(message.Data, cancellationToken).ConfigureAwait(false);
            next = message.Seq + 1;
        }

        return target.Length == found.Bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == found.Sha256;
    }

    private async Task<bool> IsWholeAsync(string bucket, string name, CancellationToken cancellationToken) =>
        await DescribeAsync(bucket, name, cancellationToken).ConfigureAwait(false) is { } found
        && (found.Chunks == 0 || await CountMessagesAsync(StreamOf(bucket), found.ChunkSubject, cancellationToken).ConfigureAwait(false) == found.Chunks);

    private async Task<StoredObject?> DescribeAsync(string bucket, string name, CancellationToken cancellationToken) =>
        await FindAsync(StreamOf(bucket), StoredObject.SubjectOf(bucket, name), cancellationToken).ConfigureAwait(false) is { } description ? StoredObject.Parse(bucket, description) : null;

    private static string StreamOf(string bucket) => $"OBJ_{bucket}";

    private async Task RemoveAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        try
        {
            INatsObjStore store = await _stores.GetObjectStoreAsync(bucket, cancellationToken).ConfigureAwait(false);
            await store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsPassing(error) && !cancellationToken.IsCancellationRequested)
        {
            // What stays goes with its age.
        }
    }
}
