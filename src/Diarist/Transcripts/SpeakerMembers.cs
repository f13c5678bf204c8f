using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Transcripts.JsonFormats;

namespace Diarist.Transcripts;

/// <summary>
/// Inserts speaker members into the bytes of a JSON transcript and takes them out again. Nothing else is ever touched:
/// the members go behind the last member of their object, each with the comma before it.
/// </summary>
internal static class SpeakerMembers
{
    /// <summary>The member of the whole file that names the networks behind the speakers.</summary>
    private const string Packs = "speaker_packs";

    private static readonly string[] Names =
        ["speaker", "speaker_confidence", "speaker_runner_up", "speaker_overlap", "speaker_uncertain", "speaker_approximate", "speaker_words", Packs];

    /// <summary>The bytes with the members of <paramref name="attributed"/>; members that are already there are replaced.</summary>
    public static byte[] Insert(JsonTranscript transcript, AttributedTranscript attributed)
    {
        var edits = new List<Edit>();
        JsonValue? top = TopObject(transcript);
        bool credited = attributed.Packs.Count == 0;
        string credit = "";
        var stretches = new SpokenStretches(attributed);
        var done = new HashSet<int>();
        foreach (SpeakerSlot slot in transcript.Slots.Where(slot => done.Add(slot.Object.Node)))
        {
            bool spaced = Spaced(slot.Object, transcript.Json.Bytes);
            string members = Members(slot, attributed, stretches, spaced);
            if (members.Length > 0 && !credited)
            {
                credited = true;
                credit = Credit(attributed, spaced);
                members += top is null || top.Value.Start == slot.Object.Start ? credit : "";
            }

            Replace(slot.Object, member => Goes(member, members.Length > 0), members, edits);
        }

        if (top is { } whole && transcript.Slots.All(slot => slot.Object.Start != whole.Start))
        {
            Replace(whole, member => member.MemberName == Packs, credit, edits);
        }

        foreach (JsonValue list in transcript.Json.Roots.SelectMany(root => root.IsObject ? root.Children.Where(SpeakerPlaces.IsList) : []))
        {
            string separator = transcript.Json.Bytes.AsSpan(list.Start, list.End - list.Start).IndexOf(", "u8) >= 0 ? ", " : ",";
            edits.Add(new Edit(list.Start, list.End, $"[{string.Join(separator, attributed.Speakers.Select(Quote))}]"));
        }

        return Apply(transcript.Json.Bytes, edits);
    }

    /// <summary>The bytes without the members that <see cref="Insert"/> puts in.</summary>
    public static byte[] Remove(JsonTranscript transcript)
    {
        var edits = new List<Edit>();
        foreach (JsonValue place in transcript.Slots.Select(slot => slot.Object).Concat(transcript.Json.Roots.Where(root => root.IsObject)).DistinctBy(place => place.Start))
        {
            Cut([.. place.Children], child => Names.Contains(child.MemberName), edits);
        }

        return Apply(transcript.Json.Bytes, edits);
    }

    /// <summary>The object around the whole file; none where the file is an array, or a list of values.</summary>
    private static JsonValue? TopObject(JsonTranscript transcript) =>
        transcript.Json.Roots is [{ IsObject: true } only] ? only : null;

    /// <summary>Members take the place of those that are to go.</summary>
    private static void Replace(JsonValue place, Func<JsonValue, bool> goes, string members, List<Edit> edits)
    {
        JsonValue[] children = [.. place.Children];
        Cut(children, goes, edits);
        if (members.Length > 0)
        {
            JsonValue[] kept = [.. children.Where(child => !goes(child))];
            int at = kept.Length > 0 ? kept[^1].End : place.Start + 1;
            edits.Add(new Edit(at, at, kept.Length > 0 ? members : members.TrimStart(',', ' ')));
        }
    }

    /// <summary>The member that names the networks; it is written once in a file, beside the first speaker where there is no object around it all.</summary>
    private static string Credit(AttributedTranscript attributed, bool spaced)
    {
        var text = new StringBuilder();
        Append(text, Packs, PackCredits.Compact(attributed.Packs), spaced);
        return text.ToString();
    }

    /// <summary>
    /// Whether a member gives way to new ones: those that name a speaker or say how sure that is, and an empty one where a
    /// speaker is written in its place.
    /// </summary>
    private static bool Goes(JsonValue member, bool written) =>
        SpeakerPlaces.Names(member) || (Names.Contains(member.MemberName) && (member.MemberName != "speaker" || written));

    private static void Cut(JsonValue[] children, Func<JsonValue, bool> cut, List<Edit> edits)
    {
        bool kept = false;
        for (int i = 0; i < children.Length; i++)
        {
            if (!cut(children[i]))
            {
                kept = true;
            }
            else if (kept)
            {
                edits.Add(new Edit(children[i - 1].End, children[i].End, ""));
            }
            else
            {
                int end = i + 1 < children.Length ? children[i + 1].NameStart : children[i].End;
                edits.Add(new Edit(children[i].NameStart, end, ""));
            }
        }
    }

    /// <summary>Whether the object writes a space after its colons, which the new members then do as well.</summary>
    private static bool Spaced(JsonValue value, byte[] bytes) =>
        value.Children.Cast<JsonValue?>().FirstOrDefault() is { } first && bytes[first.Start - 1] == (byte)' ';

    private static string Members(SpeakerSlot slot, AttributedTranscript attributed, SpokenStretches stretches, bool spaced)
    {
        var text = new StringBuilder();
        if (slot.ListUpTo is { } end)
        {
            string items = string.Join(spaced ? ", " : ",", attributed.Segments.Skip(slot.Segment).Take(end - slot.Segment).SelectMany(segment => Items(segment, spaced)));
            if (items.Length > 0)
            {
                Append(text, "speaker_words", $"[{items}]", spaced);
            }

            return text.ToString();
        }

        if (slot.Repeats is { } stretch)
        {
            AppendChoice(text, stretches.Of(stretch), spaced);
            return text.ToString();
        }

        AttributedSegment owner = attributed.Segments[slot.Segment];
        AppendChoice(text, slot.Word < 0 ? owner.Choice : owner.Words[slot.Word].Choice, spaced);
        return text.ToString();
    }

    private static IEnumerable<string> Items(AttributedSegment segment, bool spaced)
    {
        var units = segment.Words.Count > 0
            ? segment.Words.Select(word => (word.Word.Text, word.Word.Range, word.Choice))
            : [(segment.Segment.Text, segment.Segment.Range, segment.Choice)];
        foreach (var (spoken, range, choice) in units)
        {
            if (choice.Speaker is not null)
            {
                var item = new StringBuilder();
                Append(item, "text", Quote(spoken), spaced);
                if (range is { } said)
                {
                    Append(item, "start", Number(said.Start), spaced);
                    Append(item, "end", Number(said.End), spaced);
                }

                AppendChoice(item, choice, spaced);
                yield return "{" + item.ToString().TrimStart(',', ' ') + "}";
            }
        }
    }

    private static void AppendChoice(StringBuilder text, SpeakerChoice choice, bool spaced)
    {
        if (choice.Speaker is null)
        {
            return;
        }

        Append(text, "speaker", Quote(choice.Speaker), spaced);
        Append(text, "speaker_confidence", Number(choice.Confidence), spaced);
        if (choice.RunnerUp is { } runnerUp)
        {
            Append(text, "speaker_runner_up", Quote(runnerUp), spaced);
        }

        if (choice.Overlapping.Count > 0)
        {
            Append(text, "speaker_overlap", $"[{string.Join(spaced ? ", " : ",", choice.Overlapping.Select(Quote))}]", spaced);
        }

        if (choice.Uncertain)
        {
            Append(text, "speaker_uncertain", "true", spaced);
        }

        if (choice.Approximate)
        {
            Append(text, "speaker_approximate", "true", spaced);
        }
    }

    private static void Append(StringBuilder text, string name, string value, bool spaced) =>
        text.Append(spaced ? ", \"" : ",\"").Append(name).Append(spaced ? "\": " : "\":").Append(value);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static byte[] Apply(byte[] bytes, List<Edit> edits)
    {
        if (edits.Count == 0)
        {
            return bytes;
        }

        using var output = new MemoryStream(bytes.Length + (64 * edits.Count));
        int from = 0;
        foreach (Edit edit in edits.OrderBy(edit => edit.Start).ThenBy(edit => edit.End))
        {
            output.Write(bytes, from, edit.Start - from);
            output.Write(Encoding.UTF8.GetBytes(edit.Text));
            from = edit.End;
        }

        output.Write(bytes, from, bytes.Length - from);
        return output.ToArray();
    }

    /// <summary>Bytes [Start, End) give way to a text.</summary>
    private readonly record struct Edit(int Start, int End, string Text);
}
