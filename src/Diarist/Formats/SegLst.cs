using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Diarist.Packs;

namespace Diarist.Formats;

/// <summary>
/// Segment-wise long-form speech transcriptions: a JSON array of <c>session_id</c>, <c>start_time</c>, <c>end_time</c>,
/// <c>speaker</c>, <c>words</c> (the CHiME challenges and meeteval).
/// </summary>
/// <remarks>
/// Times are seconds, as numbers or as strings; they may be absent (both), and so may the speaker. Other members are skipped.
/// An utterance of no duration is kept; an end before its start is an error.
/// </remarks>
public static class SegLst
{
    private static readonly JsonWriterOptions Spelling = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads all utterances, by recording.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages.</param>
    /// <returns>The recordings in order of appearance.</returns>
    /// <exception cref="AnnotationFormatException">The text breaks the format; the error names the line.</exception>
    public static IReadOnlyList<RecordingUtterances> Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var source = new JsonSource(reader, name);
        return source.Parse((ref Utf8JsonReader json) =>
        {
            var recordings = new RecordingGroups<Utterance>();
            source.Expect(ref json, JsonTokenType.StartArray, "an array of segments");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.StartObject)
                {
                    throw source.Fail(json, "a segment (an object) was expected");
                }

                (string recording, Utterance utterance) = ReadSegment(source, ref json);
                recordings.Add(recording, utterance);
            }

            return recordings.Select((recording, utterances) => new RecordingUtterances(recording, utterances));
        });
    }

    /// <summary>Writes recordings, in the order given, with times exact to the millisecond; one segment a line.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recordings">The recordings.</param>
    /// <exception cref="ArgumentException">An interval cannot be written (NaN at one end, negative, end before start).</exception>
    public static void Write(TextWriter writer, IEnumerable<RecordingUtterances> recordings) => Write(writer, recordings, []);

    /// <summary>Writes recordings whose first segment names the networks behind them; the format has no place for the whole file.</summary>
    internal static void Write(TextWriter writer, IEnumerable<RecordingUtterances> recordings, IReadOnlyList<LocatedPack> packs)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recordings);
        string separator = "[\n";
        foreach (RecordingUtterances recording in recordings)
        {
            foreach (Utterance utterance in recording.Utterances)
            {
                writer.Write(separator);
                writer.Write("  ");
                writer.Write(SegmentOf(recording.Recording, utterance, packs));
                separator = ",\n";
                packs = [];
            }
        }

        writer.Write(separator == "[\n" ? "[]\n" : "\n]\n");
    }

    /// <summary>Writes one recording; see <see cref="Write(TextWriter, IEnumerable{RecordingUtterances})"/>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The id of the recording.</param>
    /// <param name="utterances">The utterances.</param>
    public static void Write(TextWriter writer, string recording, IEnumerable<Utterance> utterances) =>
        Write(writer, [new RecordingUtterances(recording, [.. utterances])]);

    private static (string Recording, Utterance Utterance) ReadSegment(JsonSource source, ref Utf8JsonReader json)
    {
        Utf8JsonReader opening = json;
        string? recording = null;
        string? speaker = null;
        string? words = null;
        double? start = null;
        double? end = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case "session_id":
                    recording = source.String(ref json, "session_id");
                    break;
                case "speaker":
                    speaker = source.String(ref json, "speaker");
                    break;
                case "words":
                    words = source.String(ref json, "words");
                    break;
                case "start_time":
                    start = source.Seconds(ref json, "start_time");
                    break;
                case "end_time":
                    end = source.Seconds(ref json, "end_time");
                    break;
                default:
                    json.Read();
                    json.Skip();
                    break;
            }
        }

        if (recording is null || words is null)
        {
            throw source.Fail(opening, $"the segment has no \"{(recording is null ? "session_id" : "words")}\"");
        }

        TimeRange range = (start, end) switch
        {
            (double from, double to) => source.Range(ref opening, from, to),
            (null, null) => Utterance.Untimed,
            _ => throw source.Fail(opening, $"the segment has no \"{(start is null ? "start_time" : "end_time")}\""),
        };
        return (recording, new Utterance(range, speaker, words));
    }

    private static string SegmentOf(string recording, Utterance utterance, IReadOnlyList<LocatedPack> packs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Spelling))
        {
            json.WriteStartObject();
            json.WriteString("session_id", recording);
            if (utterance.HasTimes)
            {
                (long start, long end) = AnnotationField.Milliseconds(utterance.Range);
                json.WritePropertyName("start_time");
                json.WriteRawValue(AnnotationField.Seconds(start));
                json.WritePropertyName("end_time");
                json.WriteRawValue(AnnotationField.Seconds(end));
            }

            if (utterance.Speaker is not null)
            {
                json.WriteString("speaker", utterance.Speaker);
            }

            json.WriteString("words", utterance.Text);
            if (packs.Count > 0)
            {
                PackCredits.Write(json, packs);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
