using System.Text.Json;

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
        ArgumentNullException.ThrowIfNull(reader);
        var source = new JsonSource(reader, name);
        return source.Parse((ref Utf8JsonReader json) =>
        {
            source.Expect(ref json, JsonTokenType.StartObject, "an object");
            bool known = false;
            string recording = name;
            List<Turn>? turns = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                switch (json.GetString())
                {
                    case "schema":
                        string? schema = source.String(ref json, "schema");
                        known = schema == Schema ? true : throw source.Fail(json, $"the schema is \"{schema}\"; \"{Schema}\" was expected");
                        break;
                    case "source":
                        recording = ReadSourceName(source, ref json) ?? recording;
                        break;
                    case "turns":
                        turns = ReadTurnList(source, ref json);
                        break;
                    default:
                        json.Read();
                        json.Skip();
                        break;
                }
            }

            if (!known || turns is null)
            {
                throw source.Fail(json, $"the object has no \"{(known ? "turns" : "schema")}\"");
            }

            return new RecordingTurns(Path.GetFileNameWithoutExtension(recording), turns);
        });
    }

    private static string? ReadSourceName(JsonSource source, ref Utf8JsonReader json)
    {
        source.Expect(ref json, JsonTokenType.StartObject, "an object with the source");
        string? name = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"))
            {
                name = source.String(ref json, "name");
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return name;
    }

    private static List<Turn> ReadTurnList(JsonSource source, ref Utf8JsonReader json)
    {
        source.Expect(ref json, JsonTokenType.StartArray, "an array of turns");
        var turns = new List<Turn>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            turns.Add(ReadTurn(source, ref json));
        }

        return turns;
    }

    private static Turn ReadTurn(JsonSource source, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw source.Fail(json, "a turn (an object) was expected");
        }

        Utf8JsonReader opening = json;
        double? start = null;
        double? end = null;
        double? confidence = null;
        string? speaker = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case "start":
                    start = source.Seconds(ref json, "start");
                    break;
                case "end":
                    end = source.Seconds(ref json, "end");
                    break;
                case "speaker":
                    speaker = source.String(ref json, "speaker");
                    break;
                case "confidence":
                    confidence = source.Confidence(ref json, "confidence");
                    break;
                default:
                    json.Read();
                    json.Skip();
                    break;
            }
        }

        return start is double from && end is double to && speaker is not null
            ? new Turn(source.Range(ref opening, from, to), speaker) { Confidence = confidence }
            : throw source.Fail(opening, $"the turn has no \"{(start is null ? "start" : end is null ? "end" : "speaker")}\"");
    }
}
