namespace Diarist.Formats;

/// <summary>The JSON that Diarist itself writes, and reads turns from (<c>"schema": "diarist/1"</c>).</summary>
/// <remarks>The recording's id is the name of its source without folder and extension. Members other than the turns are skipped.</remarks>
public static partial class DiarizationJson
{
    /// <summary>What the member <c>schema</c> holds.</summary>
    public const string Schema = "diarist/1";

    /// <summary>Reads the turns, those that may overlap (not the exclusive ones).</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages, and for the recording's id where the text has no source.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="AnnotationFormatException">The text breaks the format; the error names the line.</exception>
    public static RecordingTurns ReadTurns(TextReader reader, string name)
    {
        JsonValue root = RootOf(reader, name);
        string recording = root.TryGet("source", out JsonValue source) ? source.RequireObject().TextOf("name") ?? name : name;
        return new RecordingTurns(Path.GetFileNameWithoutExtension(recording), TurnsOf(root, "turns"));
    }

    private static JsonValue RootOf(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        JsonValue root = JsonIndex.ParseOne(reader, name);
        string? schema = root.RequireObject().TextOf("schema");
        return schema == Schema ? root : throw root.Error(schema is null ? "the object has no \"schema\"" : $"the schema is \"{schema}\"; \"{Schema}\" was expected");
    }

    private static Turn[] TurnsOf(JsonValue root, string name) =>
        root.TryGet(name, out JsonValue list) ? [.. list.Items.Select(ReadTurn)] : throw root.Error($"the object has no \"{name}\"");

    private static Turn ReadTurn(JsonValue turn)
    {
        if (!turn.IsObject)
        {
            throw turn.Error("a turn (an object) was expected");
        }

        foreach (string member in (string[])["start", "end", "speaker"])
        {
            if (!turn.Has(member))
            {
                throw turn.Error($"the turn has no \"{member}\"");
            }
        }

        double? confidence = turn.NumberOf("confidence");
        if (confidence is < 0 or > 1)
        {
            throw turn.Error("its \"confidence\" is not a number from 0 to 1");
        }

        return new Turn(turn.RangeOf("start", "end") ?? throw turn.Error("the turn has no times"), turn.NameOf("speaker") ?? throw turn.Error("the turn has no \"speaker\""))
        {
            Confidence = confidence,
            Channel = turn.NumberOf("channel") is { } channel && channel >= 1 && channel <= int.MaxValue ? (int)channel : 1,
        };
    }
}
