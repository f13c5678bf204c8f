using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>The entry <c>known.json</c>: the voices that were recognized, with their sums, so that corrections group with them again.</summary>
internal static class KnownVoicesJson
{
    /// <summary>The name of the entry.</summary>
    public const string Entry = "known.json";

    private const int LeastGroupBytes = 28, MostGroupBytes = 2 << 10;

    /// <summary>The entry's bytes.</summary>
    public static byte[] Write(IReadOnlyList<KnownGroup> known) => Encoding.UTF8.GetBytes(new JsonArray([.. known.Select(voice => (JsonNode)new JsonObject
    {
        ["name"] = voice.Name,
        ["sums"] = voice.Seed is { } seed ? Convert.ToBase64String(Bytes(seed)) : null,
        ["pieces"] = new JsonArray([.. voice.Pieces.Select(piece => (JsonNode)JsonValue.Create(piece))]),
    })]).ToJsonString());

    /// <summary>Reads the entry.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="pieces">The number of pieces of the recording.</param>
    /// <param name="dimension">The length of their vectors.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IReadOnlyList<KnownGroup> Read(byte[] bytes, int pieces, int dimension)
    {
        try
        {
            return [.. JsonNode.Parse(bytes)!.AsArray().Select(voice => Read(voice!.AsObject(), pieces, dimension))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or NullReferenceException or OverflowException)
        {
            throw new InvalidDataException($"{Entry}: {error.Message}", error);
        }
    }

    private static KnownGroup Read(JsonObject voice, int pieces, int dimension)
    {
        SpeakerGroup? seed = null;
        if (voice["sums"]?.GetValue<string>() is { } sums)
        {
            byte[] bytes = Convert.FromBase64String(sums);
            seed = bytes.Length is >= LeastGroupBytes and <= MostGroupBytes ? SpeakerGroup.Read(bytes) : throw new InvalidDataException($"{Entry}: sums of {bytes.Length} bytes");
            if (seed.Sum.Length != dimension)
            {
                throw new InvalidDataException($"{Entry}: sums of another network");
            }
        }

        int[] own = [.. voice["pieces"]!.AsArray().Select(piece => piece!.GetValue<int>())];
        return own.Length > 0 && own.All(piece => piece >= 0 && piece < pieces)
            ? new KnownGroup(voice["name"]!.GetValue<string>(), seed, own)
            : throw new InvalidDataException($"{Entry}: a voice has no pieces of the recording");
    }

    private static byte[] Bytes(SpeakerGroup group)
    {
        byte[] bytes = new byte[group.ByteCount];
        group.Write(bytes);
        return bytes;
    }
}
