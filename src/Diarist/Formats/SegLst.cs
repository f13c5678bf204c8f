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
/// Times are seconds, as numbers or as strings, or clock times (<c>0:00:57.55</c>, CHiME); they may be absent (both), and so may the
/// speaker, which may be a number. Other members are skipped.
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
        JsonValue root = JsonIndex.ParseOne(reader, name);
        var recordings = new RecordingGroups<Utterance>();
        foreach (JsonValue segment in root.IsArray ? root.Children : throw root.Error("an array of segments was expected"))
        {
            (string recording, Utterance utterance) = ReadSegment(segment.IsObject ? segment : throw segment.Error("a segment (an object) was expected"));
            recordings.Add(recording, utterance);
        }

        return recordings.Select((recording, utterances) => new RecordingUtterances(recording, utterances));
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

    private static (string Recording, Utterance Utterance) ReadSegment(JsonValue segment)
    {
        string recording = segment.NameOf("session_id") ?? throw segment.Error("the segment has no \"session_id\"");
        string words = segment.TextOf("words") ?? throw segment.Error("the segment has no \"words\"");
        bool starts = segment.Has("start_time");
        if (starts != segment.Has("end_time"))
        {
            throw segment.Error($"the segment has no \"{(starts ? "end_time" : "start_time")}\"");
        }

        TimeRange range = starts ? segment.RangeOf("start_time", "end_time") ?? Utterance.Untimed : Utterance.Untimed;
        return (recording, new Utterance(range, segment.NameOf("speaker"), words));
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
