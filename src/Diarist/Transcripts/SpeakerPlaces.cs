using Diarist.Formats;
using Diarist.Transcripts.JsonFormats;

namespace Diarist.Transcripts;

/// <summary>Where a JSON transcript names speakers: one rule for reading, for asking and for replacing.</summary>
internal static class SpeakerPlaces
{
    private const int MostPaths = 20;

    /// <summary>Lists that repeat who speaks, beside those of the dialects, and are written anew.</summary>
    public const string List = "speakers";

    private static readonly HashSet<string> Naming = new([.. JsonItem.SpeakerNames, "speakerName"], StringComparer.Ordinal);

    /// <summary>Whether a member names a speaker; null, the empty text and "?" name nobody.</summary>
    public static bool Names(JsonValue member) =>
        Naming.Contains(member.MemberName) && ((member.IsString && JsonText.Read(member.Index, member.Start).Trim() is not ("" or "?")) || member.IsNumber || (member.IsObject && JsonItem.PersonOf(member) is not null));

    /// <summary>The list of all speakers that Diarist's own JSON has at its top: texts only.</summary>
    public static bool IsList(JsonValue member) =>
        member.IsArray && member.MemberIs(List) && member.Children.Any() && member.Children.All(item => item.IsString);

    /// <summary>The paths of the members that name speakers in objects that take none.</summary>
    public static IReadOnlyList<string> Unread(JsonTranscript transcript)
    {
        var taken = transcript.Slots.Select(slot => slot.Object.Node).ToHashSet();
        var paths = new List<string>();
        foreach (JsonValue root in transcript.Json.Roots)
        {
            Visit(root, taken, paths, top: true);
        }

        return paths;
    }

    private static void Visit(JsonValue value, HashSet<int> taken, List<string> paths, bool top)
    {
        bool takes = taken.Contains(value.Node);
        foreach (JsonValue child in value.Children)
        {
            if (paths.Count >= MostPaths)
            {
                return;
            }

            bool member = child.NameStart >= 0;
            if (member && ((takes && child.MemberIs("speaker_words")) || (top && IsList(child))))
            {
                continue;
            }

            if (member && !takes && Names(child))
            {
                paths.Add(child.Index.PathOf(child.Node));
            }
            else if (member && child.MemberIs("transcript") && child.IsString && value.HasArray("paragraphs") && JsonText.Read(child.Index, child.Start).Contains("\nSpeaker ", StringComparison.Ordinal))
            {
                // Deepgram writes its speakers into the text of its paragraphs as well.
                paths.Add(child.Index.PathOf(child.Node));
            }

            if (child.IsObject || child.IsArray)
            {
                Visit(child, taken, paths, top: false);
            }
        }
    }
}
