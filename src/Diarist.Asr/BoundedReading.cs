namespace Diarist.Asr;

/// <summary>Reads what a recognizer gives, up to a bound.</summary>
internal static class BoundedReading
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maximum">The most bytes to keep.</param>
    /// <param name="tooMuch">Makes the error that is thrown when there are more.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<byte[]> ReadAsync(Stream stream, int maximum, Func<Exception> tooMuch, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        byte[] block = new byte[BlockBytes];
        for (int count; (count = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (bytes.Length + count > maximum)
            {
                throw tooMuch();
            }

            bytes.Write(block, 0, count);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads the beginning of a stream, at most so many bytes.</summary>
    public static async Task<byte[]> ReadStartAsync(Stream stream, int maximum, CancellationToken cancellationToken)
    {
        byte[] start = new byte[maximum];
        int count = await stream.ReadAtLeastAsync(start, maximum, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return start[..count];
    }
}
