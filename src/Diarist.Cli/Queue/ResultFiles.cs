using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Diarist.Jobs;

namespace Diarist.Cli.Queue;

/// <summary>
/// The files of a result on their way through the queue: in the message itself where they are small, so that one message is the whole result; else in
/// the object store.
/// </summary>
internal static class ResultFiles
{
    // A server takes messages of 1 MiB unless told otherwise; in JSON these bytes are a third longer.
    private const int LargestContent = 256 << 10;

    // What unfolds to more was never small.
    private const int LargestUnfolded = 64 << 20;

    /// <summary>Puts files into a result.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="result">The result.</param>
    /// <param name="paths">The files.</param>
    /// <param name="asObjects">Whether all become objects, because other jobs need them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<JobResult> StoreAsync(JobQueue queue, JobResult result, IReadOnlyList<string> paths, bool asObjects, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var contents = new List<byte[]>();
        int room = asObjects ? 0 : LargestContent;
        foreach ((int index, string path) in paths.Index())
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            byte[] folded = !asObjects && bytes.Length <= LargestUnfolded ? Fold(bytes) : [];
            if (folded.Length is > 0 and var length && length <= room)
            {
                room -= length;
                names.Add("");
                contents.Add(folded);
                continue;
            }

            // The content decides the name: who does the work again writes the same object.
            names.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Name}-{index}-{Convert.ToHexStringLower(SHA256.HashData(bytes))}"));
            contents.Add([]);
            await queue.StoreFileAsync(names[^1], bytes, cancellationToken).ConfigureAwait(false);
        }

        return result with { Files = names, Contents = contents };
    }

    /// <summary>The bytes of a file; null when the queue has lost it.</summary>
    /// <exception cref="JobQueueException">They are damaged.</exception>
    public static async Task<byte[]?> FetchAsync(JobQueue queue, JobResult result, int index, CancellationToken cancellationToken) =>
        result.Files[index].Length > 0 ? await queue.FetchFileAsync(result.Files[index], cancellationToken).ConfigureAwait(false) : Unfold(result, index);

    private static byte[] Fold(byte[] bytes)
    {
        using var folded = new MemoryStream();
        using (var target = new DeflateStream(folded, CompressionLevel.Optimal, leaveOpen: true))
        {
            target.Write(bytes);
        }

        return folded.ToArray();
    }

    private static byte[] Unfold(JobResult result, int index)
    {
        try
        {
            using var source = new DeflateStream(new MemoryStream(result.Contents[index]), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            var block = new byte[1 << 16];
            for (int read; (read = source.Read(block)) > 0 && bytes.Length <= LargestUnfolded;)
            {
                bytes.Write(block, 0, read);
            }

            return bytes.Length <= LargestUnfolded ? bytes.ToArray() : throw new InvalidDataException("too long");
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw new JobQueueException($"{result.Id}: the result of {result.Worker} is damaged", error);
        }
    }
}
