using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// YouTube's <c>json3</c>: <c>events</c> with <c>tStartMs</c> and pieces <c>segs</c> that have offsets in it. An event stays
/// on the screen while the next ones come, so a piece ends where the next begins.
/// </summary>
internal sealed class YouTubeJson : JsonDialect
{
    private const double Milliseconds = 1000;

    public override bool Recognizes(JsonValue value) => value.HasObjects("events") && value.ItemsOf("events").Any(item => item.Has("tStartMs"));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        if (value.ItemsOf("events").SelectMany(item => item.RequireObject().ItemsOf("segs")).Cast<JsonValue?>().FirstOrDefault(piece => !piece!.Value.RequireObject().Has("utf8") && piece.Value.Children.Any(member => member.IsString)) is { } textless)
        {
            throw textless.Error("a piece without `utf8`");
        }

        if (value.ItemsOf("events").Cast<JsonValue?>().FirstOrDefault(item => !item!.Value.Has("segs") && item.Value.Children.Any(member => member.IsArray)) is { } other)
        {
            throw other.Error("an event with a list that is not `segs`");
        }

        JsonValue[] events = [.. value.ItemsOf("events").Where(item => item.RequireObject().HasArray("segs") && item.ItemsOf("segs").Any(piece => !string.IsNullOrWhiteSpace(piece.TextOf("utf8"))))];
        double[] starts = [.. events.Select(item => item.TimeOf("tStartMs", Milliseconds) ?? 0)];
        for (int i = 0; i < events.Length; i++)
        {
            double end = starts[i] + (events[i].TimeOf("dDurationMs", Milliseconds) ?? 0);
            end = i + 1 < events.Length ? Math.Clamp(starts[i + 1], starts[i], Math.Max(starts[i], end)) : end;
            JsonValue[] pieces = [.. events[i].ItemsOf("segs")];
            into.Segment(string.Concat(pieces.Select(piece => piece.TextOf("utf8"))).ReplaceLineEndings(" "), new TimeRange(starts[i], end), events[i]);
            if (pieces.Length > 1 && pieces.Skip(1).All(piece => piece.Has("tOffsetMs")))
            {
                double[] offsets = [.. pieces.Select(piece => Math.Min(end, starts[i] + (piece.TimeOf("tOffsetMs", Milliseconds) ?? 0))), end];
                for (int word = 0; word < pieces.Length; word++)
                {
                    into.Word(pieces[word].TextOf("utf8") ?? "", new TimeRange(offsets[word], Math.Max(offsets[word], offsets[word + 1])), pieces[word]);
                }
            }
        }

        return "youtube";
    }
}
