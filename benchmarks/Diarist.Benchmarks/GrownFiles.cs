using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diarist.Benchmarks;

/// <summary>The small transcripts of the tests, one for each dialect, made large by saying the same again and again.</summary>
internal static class GrownFiles
{
    private const string Fixtures = "tests/Diarist.Tests/Fixtures";

    /// <summary>The files by name, from the root of the repository.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> All() =>
        from folder in (string[])["Transcripts", "Exports"]
        from path in Directory.EnumerateFiles(Path.Combine(Fixtures, folder)).Order(StringComparer.Ordinal)
        where Path.GetFileName(path) != "README.md"
        select (folder + "/" + Path.GetFileName(path), File.ReadAllBytes(path));

    /// <summary>The file with its lists, or its lines after the first, repeated until it has about so many bytes.</summary>
    public static byte[] Grow(byte[] file, int bytes)
    {
        int times = Math.Max(2, bytes / file.Length);
        string text = Encoding.UTF8.GetString(file).TrimStart('\uFEFF');
        if (text.TrimStart().StartsWith('{') || text.TrimStart().StartsWith('['))
        {
            try
            {
                JsonNode root = JsonNode.Parse(text)!;
                return Encoding.UTF8.GetBytes((Repeat(root, times) ?? root).ToJsonString());
            }
            catch (JsonException)
            {
                // Values line by line.
            }
        }

        int first = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        bool whole = text.StartsWith('{') || first == 0;
        return Encoding.UTF8.GetBytes((whole ? "" : text[..first]) + string.Concat(Enumerable.Repeat((whole ? text : text[first..]) + "\n", times)));
    }

    /// <summary>The outermost lists of several items with their items so many times; null where nothing inside is one.</summary>
    private static JsonNode? Repeat(JsonNode? node, int times)
    {
        switch (node)
        {
            case JsonArray { Count: > 1 } list:
                return new JsonArray([.. Enumerable.Range(0, times).SelectMany(_ => list.Select(item => item?.DeepClone()))]);
            case JsonArray { Count: 1 } single when Repeat(single[0], times) is { } item:
                return new JsonArray(item);
            case JsonObject members:
                var grown = new JsonObject();
                bool any = false;
                foreach ((string name, JsonNode? value) in members)
                {
                    JsonNode? repeated = Repeat(value, times);
                    any |= repeated is not null;
                    grown[name] = repeated ?? value?.DeepClone();
                }

                return any ? grown : null;
            default:
                return null;
        }
    }
}
