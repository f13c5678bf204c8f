using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Transcripts in XML: TTML (<c>p</c> with <c>begin</c> and <c>end</c> or <c>dur</c>), YouTube's timed text (<c>p</c> with
/// <c>t</c> and <c>d</c> in milliseconds, <c>text</c> with <c>start</c> and <c>dur</c> in seconds), and ELAN (<see cref="Elan"/>).
/// </summary>
internal static partial class TimedXml
{
    private const double Milliseconds = 1000;
    private static readonly string[] Known = ["tt", "timedtext", "transcript", "ANNOTATION_DOCUMENT"];

    /// <summary>Whether a first line begins such a file, or a page of the web; printed lines begin with a bracket too.</summary>
    public static bool Is(string line) => Beginning().IsMatch(line);

    /// <exception cref="AnnotationFormatException">It is not XML, has a document type, or is none of these.</exception>
    public static Transcript Read(TextSource source)
    {
        XElement root = Load(source);
        if (root.Name.LocalName == "ANNOTATION_DOCUMENT")
        {
            return Elan.Read(source, root);
        }

        if (!Known.Contains(root.Name.LocalName))
        {
            throw Error(source, root, $"unrecognized transcript format: XML of <{root.Name.LocalName}>; {TranscriptDialects.Known}");
        }

        bool ttml = root.Name.LocalName == "tt";
        var clock = new TtmlClock(root);
        var segments = new List<TranscriptSegment>();
        foreach (XElement element in root.Descendants().Where(element => element.Name.LocalName is "p" or "text").SelectMany(element => ttml ? Timed(element) : [element]))
        {
            // YouTube escapes what is escaped already: &amp;#39; is an apostrophe.
            string text = PlainText.OneLine(ttml ? TextOf(element) : WebUtility.HtmlDecode(TextOf(element)));
            if (text.Length > 0)
            {
                segments.Add(new TranscriptSegment(text, ttml ? TtmlRange(source, element, clock) : YouTubeRange(source, element), []) { Speaker = SpeakerOf(element) });
            }
        }

        return new Transcript(segments) { Dialect = ttml ? "ttml" : "youtube", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>An error at an element.</summary>
    internal static AnnotationFormatException Error(TextSource source, XElement element, string problem) => source.Error(LineOf(source, element), problem);

    /// <summary>The line that an element begins in.</summary>
    internal static TextLine LineOf(TextSource source, XElement element) =>
        source.Lines[Math.Clamp(((IXmlLineInfo)element).LineNumber - 1, 0, source.Lines.Count - 1)];

    private static XElement Load(TextSource source)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new StringReader(source.Text.TrimStart()), settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace | LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException error)
        {
            if (Element().Match(source.Text) is { Success: true } first && !Known.Contains(first.Groups["name"].Value))
            {
                throw source.Error(source.Lines[0], $"unrecognized transcript format: XML or HTML of <{first.Groups["name"].Value}>; {TranscriptDialects.Known}", error);
            }

            throw source.Error(source.Lines[Math.Clamp(error.LineNumber - 1, 0, source.Lines.Count - 1)], "this is not XML that can be read, or it has a document type", error);
        }
    }

    /// <summary>The text in an element; a line break is a space.</summary>
    private static string TextOf(XElement element) => string.Concat(element.DescendantNodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "br" } => " ",
        _ => "",
    }));

    /// <summary>A paragraph, or its parts where they have the times instead of it and hold all of its text.</summary>
    private static XElement[] Timed(XElement paragraph)
    {
        XElement[] spans = [.. paragraph.Elements().Where(element => element.Name.LocalName == "span" && element.Attribute("begin") is not null)];
        bool apart = spans.Length > 0 && paragraph.Attribute("begin") is null
            && paragraph.Nodes().All(node => node is XElement part ? spans.Contains(part) || part.Name.LocalName == "br" : node is not XText text || string.IsNullOrWhiteSpace(text.Value));
        return apart ? spans : [paragraph];
    }

    private static string? SpeakerOf(XElement element) =>
        element.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "agent")?.Value is { Length: > 0 } agent ? agent : null;

    private static TimeRange? TtmlRange(TextSource source, XElement element, TtmlClock clock)
    {
        if (element.Ancestors().FirstOrDefault(outer => outer.Attribute("begin") is { } begin && clock.Parse(begin.Value) is not 0) is { } shifted)
        {
            throw Error(source, shifted, "the times in an element with a `begin` of its own count from there, which is not read");
        }

        double? start = clock.Parse(element.Attribute("begin")?.Value);
        double? end = element.Attribute("dur") is { } length && !element.Attributes("end").Any() ? start + clock.Parse(length.Value) : clock.Parse(element.Attribute("end")?.Value);
        return RangeOf(source, element, start, end);
    }

    private static TimeRange? YouTubeRange(TextSource source, XElement element)
    {
        bool old = element.Name.LocalName == "text";
        double? start = Number(element.Attribute(old ? "start" : "t")) / (old ? 1 : Milliseconds);
        double? length = Number(element.Attribute(old ? "dur" : "d")) / (old ? 1 : Milliseconds);
        return RangeOf(source, element, start, start + length);
    }

    private static TimeRange? RangeOf(TextSource source, XElement element, double? start, double? end)
    {
        if (start is null || end is null)
        {
            source.Note(ReadingNote.NotANumber, LineOf(source, element), "a start and an end were expected");
        }
        else if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, LineOf(source, element), "it ends before it starts");
        }

        return source.Range(LineOf(source, element), start, end);
    }

    private static double? Number(XAttribute? attribute) =>
        attribute is not null && double.TryParse(attribute.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    [GeneratedRegex(@"<([a-z]+:)?(?<name>[A-Za-z][A-Za-z0-9_.-]{0,60})")]
    private static partial Regex Element();

    [GeneratedRegex(@"^<(\?xml\b|!DOCTYPE\b|([a-z]+:)?(tt|timedtext|transcript|ANNOTATION_DOCUMENT|Trans|SAMI|html)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Beginning();
}
