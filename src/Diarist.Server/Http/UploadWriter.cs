using System.Security.Cryptography;
using Diarist.Server.Storage;

namespace Diarist.Server.Http;

/// <summary>Writes what a client sends to the disk as it comes, within a bound, and hashes it.</summary>
internal static class UploadWriter
{
    private const int BlockBytes = 1 << 17;

    /// <summary>Appends a stream to a file.</summary>
    /// <param name="source">What the client sends.</param>
    /// <param name="path">The file; it is made when it is not there.</param>
    /// <param name="offset">Where it begins in the file, which is cut there.</param>
    /// <param name="most">The most bytes that the file may have.</param>
    /// <param name="hash">Told the bytes; <see langword="null"/> when nobody wants to know.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The length of the file.</returns>
    /// <exception cref="ApiException">The file would be larger.</exception>
    public static async Task<long> AppendAsync(Stream source, string path, long offset, long most, IncrementalHash? hash, CancellationToken cancellationToken)
    {
        ServerMetrics.Uploads.Add(1);
        byte[] block = new byte[BlockBytes];
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                file.SetLength(offset);
                file.Position = offset;
                for (int read; (read = await source.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    if (file.Position + read > most)
                    {
                        throw new ApiException(413, "too_large", $"The recording has more than {most} bytes.");
                    }

                    hash?.AppendData(block, 0, read);
                    await file.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }

                return file.Position;
            }
        }
        finally
        {
            ServerMetrics.Uploads.Add(-1);
        }
    }

    /// <summary>What equal jobs share: who they are for, what is asked, and the bytes.</summary>
    public static string KeyOf(JobKind kind, JobOptions options, ReadOnlySpan<byte> hash) =>
        $"{kind} {options.Speakers}/{options.MinSpeakers}/{options.MaxSpeakers}/{options.Language}/{options.Transcribe} {Convert.ToHexStringLower(hash)}";
}
