using System.Security.Cryptography;
using System.Text.Json;

namespace Diarist.Peers;

/// <summary>
/// A pack in the place of WeSpeaker's: the true graph with random weights, and a catalogue that says so. Diarization then
/// goes through the same door as with the real one.
/// </summary>
internal static class RandomPack
{
    public const string Id = "wespeaker-resnet34-lm";
    public const string File = "wespeaker_resnet34_lm.onnx";

    /// <summary>Writes the catalogue for a pack's file.</summary>
    public static void WriteCatalog(string packFile, string catalog)
    {
        byte[] content = System.IO.File.ReadAllBytes(packFile);
        var pack = new
        {
            schema = "diarist-packs/1",
            packs = new[]
            {
                new
                {
                    id = Id,
                    title = "ResNet34 of random weights",
                    network = "wespeaker-resnet34",
                    purpose = "measuring",
                    license = "CC-BY-4.0",
                    attribution = "WeSpeaker ResNet34-LM's graph with random weights",
                    replaces = true,
                    files = new[]
                    {
                        new
                        {
                            name = File,
                            variants = new[] { new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), bytes = content.LongLength, source = "benchmarks/Diarist.Peers", revision = "1" } },
                        },
                    },
                },
            },
        };
        System.IO.File.WriteAllText(catalog, JsonSerializer.Serialize(pack));
    }
}
