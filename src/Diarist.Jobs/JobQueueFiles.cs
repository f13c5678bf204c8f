using NATS.Client.Core;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;

namespace Diarist.Jobs;

// Audio, and the files of results that are too large for a message.
public sealed partial class JobQueue
{
    // A server that has just come back may not have taken up yet what the others hold.
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(10);

    /// <summary>Stores audio under a name; what is there already is not sent again.</summary>
    /// <exception cref="JobQueueException">The server does not take it.</exception>
    public Task StoreAudioAsync(string name, string path, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            INatsObjStore store = await _stores.GetObjectStoreAsync(AudioBucket, cancellationToken).ConfigureAwait(false);
            if (!await HasAsync(store, name, cancellationToken).ConfigureAwait(false))
            {
                using FileStream file = File.OpenRead(path);
                await store.PutAsync(new ObjectMetadata { Name = name }, file, leaveOpen: true, cancellationToken).ConfigureAwait(false);
            }

            return true;
        },
        forever: false,
        cancellationToken);

    /// <summary>Fetches audio into a file.</summary>
    /// <returns>Whether it was there, at the latest after some seconds.</returns>
    public Task<bool> FetchAudioAsync(string name, string path, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)Absence.TotalMilliseconds;
        return RetryAsync(
            async () =>
            {
                INatsObjStore store = await _stores.GetObjectStoreAsync(AudioBucket, cancellationToken).ConfigureAwait(false);
                await using FileStream file = File.Create(path);
                try
                {
                    await store.GetAsync(name, file, leaveOpen: true, cancellationToken).ConfigureAwait(false);
                    return true;
                }
                catch (NatsObjNotFoundException) when (Environment.TickCount64 > end)
                {
                    return false;
                }
            },
            forever: false,
            cancellationToken);
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
    public Task<byte[]?> FetchFileAsync(string name, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)Absence.TotalMilliseconds;
        return RetryAsync(
            async () =>
            {
                INatsObjStore store = await _stores.GetObjectStoreAsync(FileBucket, cancellationToken).ConfigureAwait(false);
                try
                {
                    return await store.GetBytesAsync(name, cancellationToken).ConfigureAwait(false);
                }
                catch (NatsObjNotFoundException) when (Environment.TickCount64 > end)
                {
                    return null;
                }
            },
            forever: false,
            cancellationToken);
    }

    /// <summary>Whether a file of a result is there.</summary>
    public Task<bool> HasFileAsync(string name, CancellationToken cancellationToken) => RetryAsync(
        async () => await HasAsync(await _stores.GetObjectStoreAsync(FileBucket, cancellationToken).ConfigureAwait(false), name, cancellationToken).ConfigureAwait(false),
        forever: false,
        cancellationToken);

    /// <summary>Removes a file that is not needed any more.</summary>
    public Task RemoveFileAsync(string name, CancellationToken cancellationToken) => RemoveAsync(FileBucket, name, cancellationToken);

    /// <summary>The SHA-256 of audio in the store, in lower-case hexadecimal digits, and its length.</summary>
    /// <exception cref="JobQueueException">It is not there.</exception>
    public Task<(string Sha256, long Bytes)> DescribeAudioAsync(string name, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            INatsObjStore store = await _stores.GetObjectStoreAsync(AudioBucket, cancellationToken).ConfigureAwait(false);
            try
            {
                ObjectMetadata found = await store.GetInfoAsync(name, showDeleted: false, cancellationToken).ConfigureAwait(false);
                const string Prefix = "SHA-256=";
                string digest = found.Digest is { } text && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : throw new JobQueueException($"{name}: the store {AudioBucket} has no SHA-256 of it");
                return (Convert.ToHexStringLower(Convert.FromBase64String(digest.Replace('-', '+').Replace('_', '/').PadRight((digest.Length + 3) / 4 * 4, '='))), (long)found.Size);
            }
            catch (NatsObjNotFoundException error)
            {
                throw new JobQueueException($"{name}: there is no such object in the store {AudioBucket}", error);
            }
        },
        forever: false,
        cancellationToken);

    private async Task RemoveAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        try
        {
            INatsObjStore store = await _stores.GetObjectStoreAsync(bucket, cancellationToken).ConfigureAwait(false);
            await store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NatsException or TimeoutException)
        {
            // What stays goes with its age.
        }
    }

    private static async Task<bool> HasAsync(INatsObjStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetInfoAsync(name, showDeleted: false, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (NatsObjNotFoundException)
        {
            return false;
        }
    }
}
