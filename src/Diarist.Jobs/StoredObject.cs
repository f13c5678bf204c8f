using System.Text;
using System.Text.Json;

namespace Diarist.Jobs;

/// <summary>What an object store says about an object (NATS ADR-20): how many messages hold it, and on which subject.</summary>
/// <param name="ChunkSubject">The subject of its chunks.</param>
/// <param name="Chunks">How many there are.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash in lower-case hexadecimal digits, where the store has one.</param>
internal sealed record StoredObject(string ChunkSubject, int Chunks, long Bytes, string? Sha256)
{
    private const string DigestPrefix = "SHA-256=";

    /// <summary>The subject of an object's description.</summary>
    public static string SubjectOf(string bucket, string name) => $"$O.{bucket}.M.{Convert.ToBase64String(Encoding.UTF8.GetBytes(name)).Replace('+', '-').Replace('/', '_')}";

    /// <summary>Reads a description; <see langword="null"/> for an object that was deleted.</summary>
    /// <exception cref="JobQueueException">It is none.</exception>
    public static StoredObject? Parse(string bucket, ReadOnlyMemory<byte> description)
    {
        try
        {
            using var document = JsonDocument.Parse(description);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("deleted", out JsonElement deleted) && deleted.GetBoolean())
            {
                return null;
            }

            string? digest = root.TryGetProperty("digest", out JsonElement text) ? text.GetString() : null;
            return new StoredObject(
                $"$O.{bucket}.C.{root.GetProperty("nuid").GetString()}",
                root.GetProperty("chunks").GetInt32(),
                root.GetProperty("size").GetInt64(),
                digest?.StartsWith(DigestPrefix, StringComparison.Ordinal) == true ? Hexadecimal(digest[DigestPrefix.Length..]) : null);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JobQueueException($"the store {bucket} holds the description of an object that cannot be read", error);
        }
    }

    private static string Hexadecimal(string digest) => Convert.ToHexStringLower(Convert.FromBase64String(digest.Replace('-', '+').Replace('_', '/').PadRight((digest.Length + 3) / 4 * 4, '=')));
}
