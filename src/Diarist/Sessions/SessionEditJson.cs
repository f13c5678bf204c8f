using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Diarist.Sessions;

/// <summary>The lines of <c>edits.jsonl</c>: corrections, and the words undo and redo.</summary>
internal static class SessionEditJson
{
    /// <summary>Undoes the last correction that holds.</summary>
    public const string Undo = "undo";

    /// <summary>Makes the last correction again that was undone.</summary>
    public const string Redo = "redo";

    /// <summary>One line without its end; <see langword="null"/> stands for <paramref name="verb"/> alone.</summary>
    public static string Write(SessionEdit? edit, string verb = "")
    {
        var line = new JsonObject { ["kind"] = edit is null ? verb : edit.Kind.ToString() };
        if (edit is not null)
        {
            (line["speaker"], line["other"], line["name"], line["count"]) = (edit.Speaker, edit.Other, edit.Name, edit.Count);
            line["only"] = edit.OnlyThisTurn;
            line["turns"] = new JsonArray([.. edit.Turns.Select(turn => (JsonNode)new JsonObject { ["start"] = turn.Start, ["end"] = turn.End, ["speaker"] = turn.Speaker })]);
            line["range"] = edit.Range is { } range ? new JsonArray(range.Start, range.End) : null;
            line["pieces"] = new JsonArray([.. edit.Pieces.Select(Numbers)]);
            line["anchors"] = Lists(edit.Anchors);
            line["seeds"] = edit.Seeds.Count > 0 ? Lists(edit.Seeds) : null;
        }

        return line.ToJsonString();
    }

    /// <summary>Reads lines into what holds now and what was undone.</summary>
    /// <param name="bytes">The file; a last line that is cut off is left out.</param>
    /// <param name="lines">The lines that are whole.</param>
    /// <param name="done">Corrections that hold, in order.</param>
    /// <param name="undone">Corrections that were undone, the next to be made again last.</param>
    /// <returns>Whether the file ends with a whole line.</returns>
    /// <exception cref="InvalidDataException">A line is no correction.</exception>
    public static bool Read(ReadOnlySpan<byte> bytes, List<string> lines, List<SessionEdit> done, List<SessionEdit> undone)
    {
        int end = bytes.LastIndexOf((byte)'\n') + 1;
        string[] whole = Encoding.UTF8.GetString(bytes[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int number = 0; number < whole.Length; number++)
        {
            try
            {
                Take(JsonNode.Parse(whole[number])!.AsObject(), done, undone);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException or InvalidDataException)
            {
                throw new InvalidDataException($"line {number + 1} of its corrections cannot be read ({error.Message})", error);
            }

            lines.Add(whole[number]);
        }

        return end == bytes.Length;
    }

    private static void Take(JsonObject line, List<SessionEdit> done, List<SessionEdit> undone)
    {
        string kind = line["kind"]?.GetValue<string>() ?? throw new InvalidDataException("it has no kind");
        if (kind is Undo or Redo)
        {
            (List<SessionEdit> from, List<SessionEdit> to) = kind == Undo ? (done, undone) : (undone, done);
            if (from.Count == 0)
            {
                throw new InvalidDataException($"there is nothing to {kind}");
            }

            to.Add(from[^1]);
            from.RemoveAt(from.Count - 1);
            return;
        }

        undone.Clear();
        done.Add(new SessionEdit
        {
            Kind = Enum.Parse<SessionEditKind>(kind),
            Speaker = line["speaker"]?.GetValue<string>(),
            Other = line["other"]?.GetValue<string>(),
            Name = line["name"]?.GetValue<string>(),
            Count = line["count"]?.GetValue<int>(),
            OnlyThisTurn = line["only"]?.GetValue<bool>() ?? false,
            Turns = [.. (line["turns"]?.AsArray() ?? []).Select(turn => new Turn(turn!["start"]!.GetValue<double>(), turn["end"]!.GetValue<double>(), turn["speaker"]!.GetValue<string>()))],
            Range = line["range"] is JsonArray range ? new TimeRange(range[0]!.GetValue<double>(), range[1]!.GetValue<double>()) : null,
            Pieces = [.. (line["pieces"]?.AsArray() ?? []).Select(list => Numbers(list!))],
            Anchors = Lists(line["anchors"]),
            Seeds = Lists(line["seeds"]),
        });
    }

    private static JsonObject Lists(IReadOnlyDictionary<string, int[]> lists) => new(lists.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Numbers(pair.Value))));

    private static SortedDictionary<string, int[]> Lists(JsonNode? lists) =>
        new((lists?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => Numbers(pair.Value!)), StringComparer.Ordinal);

    private static JsonNode Numbers(int[] numbers) => new JsonArray([.. numbers.Select(number => (JsonNode)JsonValue.Create(number))]);

    private static int[] Numbers(JsonNode list) => [.. list.AsArray().Select(number => number!.GetValue<int>())];
}
