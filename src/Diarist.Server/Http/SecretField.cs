using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Diarist.Server.Http;

/// <summary>
/// A field of a form whose content must not stay in memory: a data URL in base64 (RFC 2397). It is decoded as it comes; the text goes through one
/// block that is overwritten, and the content into an array that the garbage collector does not move and that its user overwrites.
/// </summary>
internal static class SecretField
{
    private const int BlockBytes = 4 << 10;
    private const int FirstBytes = 64 << 10;
    private const int LongestType = 200;

    private static ReadOnlySpan<byte> Marker => ";base64,"u8;

    /// <summary>Reads a field.</summary>
    /// <param name="body">Its content.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="room">The most bytes of text that it may have.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What the data URL holds, and the bytes of text.</returns>
    /// <exception cref="ApiException">It is too long, or no data URL in base64.</exception>
    public static async Task<(byte[] Content, int TextBytes)> ReadAsync(Stream body, string name, int room, CancellationToken cancellationToken)
    {
        byte[] text = NewArray(BlockBytes), content = NewArray(FirstBytes);
        int held = 0, written = 0, total = 0;
        bool started = false;
        try
        {
            for (bool ended = false; !ended;)
            {
                int read = await body.ReadAsync(text.AsMemory(held), cancellationToken).ConfigureAwait(false);
                ended = read == 0;
                held += read;
                total += read;
                if (total > room)
                {
                    throw new ApiException(413, "too_large", "The fields of the form are too large.");
                }

                if (!started)
                {
                    int begin = text.AsSpan(0, held).IndexOf(Marker);
                    started = begin >= 0 && text.AsSpan(0, held).StartsWith("data:"u8);
                    if (!started)
                    {
                        if (ended || held > LongestType)
                        {
                            throw ApiException.Invalid(name, "A reference is a data URL, such as data:audio/wav;base64,….");
                        }

                        continue;
                    }

                    held = Keep(text, begin + Marker.Length, held);
                }

                content = Grown(content, written + BlockBytes);

                // What follows the first sign of the end waits for the end.
                int sign = ended ? -1 : text.AsSpan(0, held).IndexOf((byte)'=');
                OperationStatus status = Base64.DecodeFromUtf8(text.AsSpan(0, sign < 0 ? held : sign), content.AsSpan(written), out int consumed, out int decoded, ended);
                written += decoded;
                held = Keep(text, consumed, held);
                if (status == OperationStatus.InvalidData || (ended && status != OperationStatus.Done) || held == text.Length)
                {
                    throw ApiException.Invalid(name, "A reference is not base64.");
                }
            }

            return written > 0 ? (Trimmed(content, written), total) : throw ApiException.Invalid(name, "A reference is empty.");
        }
        catch
        {
            CryptographicOperations.ZeroMemory(content);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] NewArray(int length) => GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Moves what was not used yet to the beginning.</summary>
    private static int Keep(byte[] text, int from, int held)
    {
        text.AsSpan(from, held - from).CopyTo(text);
        return held - from;
    }

    private static byte[] Grown(byte[] content, int least) => content.Length >= least ? content : Moved(content, content.Length, Math.Max(least, 2 * content.Length));

    private static byte[] Trimmed(byte[] content, int length) => Moved(content, length, length);

    private static byte[] Moved(byte[] content, int count, int length)
    {
        byte[] larger = NewArray(length);
        content.AsSpan(0, count).CopyTo(larger);
        CryptographicOperations.ZeroMemory(content);
        return larger;
    }
}
