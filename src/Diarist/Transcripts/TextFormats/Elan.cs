using System.Globalization;
using System.Xml.Linq;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>ELAN: time slots in milliseconds, and tiers, of which each is a speaker's. An annotation that refers to another one has its time.</summary>
internal static class Elan
{
    private const double Milliseconds = 1000;

    public static Transcript Read(TextSource source, XElement root)
    {
        var slots = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (XElement slot in root.Descendants("TIME_SLOT"))
        {
            slots[Attribute(source, slot, "TIME_SLOT_ID")] =
                double.TryParse(slot.Attribute("TIME_VALUE")?.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double time) ? time / Milliseconds : null;
        }

        var ranges = new Dictionary<string, TimeRange?>(StringComparer.Ordinal);
        var segments = new List<TranscriptSegment>();
        foreach (XElement tier in root.Descendants("TIER"))
        {
            string? speaker = tier.Attribute("PARTICIPANT")?.Value is { Length: > 0 } person ? person : tier.Attribute("TIER_ID")?.Value;
            foreach (XElement annotation in tier.Descendants().Where(element => element.Name.LocalName is "ALIGNABLE_ANNOTATION" or "REF_ANNOTATION"))
            {
                TimeRange? range = annotation.Name.LocalName == "REF_ANNOTATION"
                    ? ranges.GetValueOrDefault(Attribute(source, annotation, "ANNOTATION_REF"))
                    : RangeOf(source, annotation, slots);
                ranges[Attribute(source, annotation, "ANNOTATION_ID")] = range;
                if (PlainText.OneLine(annotation.Element("ANNOTATION_VALUE")?.Value ?? "") is { Length: > 0 } text)
                {
                    if (tier.Attribute("PARENT_REF") is not null)
                    {
                        source.Note(ReadingNote.DependentText, TimedXml.LineOf(source, annotation), $"a text of the tier {tier.Attribute("TIER_ID")?.Value}");
                    }

                    segments.Add(new TranscriptSegment(text, range, []) { Speaker = speaker });
                }
            }
        }

        TranscriptSegment[] ordered = [.. segments.OrderBy(segment => segment.Range?.Start ?? double.PositiveInfinity)];
        return new Transcript(ordered) { Dialect = "elan", Turns = SpeakerTurns.From(ordered) };
    }

    private static TimeRange? RangeOf(TextSource source, XElement annotation, Dictionary<string, double?> slots)
    {
        double? start = slots.GetValueOrDefault(Attribute(source, annotation, "TIME_SLOT_REF1"));
        double? end = slots.GetValueOrDefault(Attribute(source, annotation, "TIME_SLOT_REF2"));
        if (start is null || end is null)
        {
            source.Note(ReadingNote.NotANumber, TimedXml.LineOf(source, annotation), "a time slot has no time");
        }
        else if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, TimedXml.LineOf(source, annotation), "the annotation ends before it starts");
        }

        return source.Range(TimedXml.LineOf(source, annotation), start, end);
    }

    private static string Attribute(TextSource source, XElement element, string name) =>
        element.Attribute(name)?.Value ?? throw TimedXml.Error(source, element, $"<{element.Name.LocalName}> has no {name}");
}
