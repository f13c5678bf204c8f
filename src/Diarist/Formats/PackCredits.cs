using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Diarist.Packs;

namespace Diarist.Formats;

/// <summary>Names the networks that a result was made with, as their licences ask.</summary>
public static class PackCredits
{
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the member <c>packs</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<LocatedPack> packs)
    {
        json.WritePropertyName("packs");
        WriteArray(json, packs);
    }

    /// <summary>The same array on one line.</summary>
    public static string Compact(IReadOnlyList<LocatedPack> packs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, OneLine))
        {
            WriteArray(json, packs);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteArray(Utf8JsonWriter json, IReadOnlyList<LocatedPack> packs)
    {
        json.WriteStartArray();
        foreach (LocatedPack pack in packs)
        {
            json.WriteStartObject();
            json.WriteString("id", pack.Pack.Id);
            json.WriteString("licence", pack.Pack.License);
            json.WriteString("attribution", pack.Pack.Attribution);
            json.WriteStartArray("files");
            foreach (PackFile file in pack.Pack.RequiredFiles)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteString("sha256", pack.Variant(file.Name).Sha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
