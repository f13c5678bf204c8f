using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Diarist.Cli.Batch;

/// <summary>A part of a batch: the recordings whose ids have the hash of this part, so that parts know nothing of each other.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record Shard(int Number, int Count)
{
    private const int Most = 100_000;

    /// <summary>Reads <c>i/n</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Shard Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is >= 1 and <= Most && number >= 1 && number <= count
            ? new Shard(number, count)
            : throw new UsageException($"--shard takes i/n with i from 1 to n, such as 3/8, not '{text}'; an array of jobs begins at 1 with --array=1-n.");
    }

    /// <summary>Whether a recording belongs to this part. The part is the first eight bytes of the id's SHA-256, modulo the number of parts.</summary>
    public bool Holds(string id) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))) % (ulong)Count == (ulong)(Number - 1);

    /// <summary>As the option has it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
