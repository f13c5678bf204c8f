namespace Diarist.Transcripts.JsonFormats;

/// <summary>Moonshine Voice: a transcript of <c>lines</c> with start, duration and, when asked for, words.</summary>
internal sealed class MoonshineJson : JsonDialect
{
    public override bool Recognises(JsonValue value) => value.HasArray("lines");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        foreach (JsonValue line in value.ItemsOf("lines"))
        {
            TimeRange? range = null;
            if (line.RequireObject().NumberOf("start_time") is { } start)
            {
                double duration = line.NumberOf("duration") ?? 0;
                range = duration >= 0 ? new TimeRange(start, start + duration) : throw line.Error("its duration is negative");
            }

            into.Segment(line.TextOf("text") ?? throw line.Error("a line without a `text`"), range, line, line.LabelOf("speaker"));
            foreach (JsonValue word in line.ItemsOf("words"))
            {
                WhisperJson.ReadWord(word, into);
            }
        }

        return "moonshine";
    }
}
