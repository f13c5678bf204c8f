using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Diarist.Transcripts.Writing;

/// <summary>
/// A transcript as the smallest document that ECMA-376 (Office Open XML, part 1, WordprocessingML) allows: a heading, then a paragraph for each
/// stretch of one speaker. The same transcript gives the same bytes.
/// </summary>
internal static class WordDocument
{
    private const string Main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private const string ContentTypes = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>
        """;

    private const string Relationships = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
        """;

    // A ZIP stores the time of each part; this is the first that it can store.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IReadOnlyList<Paragraph> paragraphs, string title)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "[Content_Types].xml", part => part.Write(Encoding.UTF8.GetBytes(ContentTypes)));
        Add(archive, "_rels/.rels", part => part.Write(Encoding.UTF8.GetBytes(Relationships)));
        Add(archive, "word/document.xml", part => WriteText(part, paragraphs, title));
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = NoTime;
        using Stream part = entry.Open();
        write(part);
    }

    private static void WriteText(Stream part, IReadOnlyList<Paragraph> paragraphs, string title)
    {
        using var xml = XmlWriter.Create(part, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineChars = "\n" });
        xml.WriteStartDocument(standalone: true);
        xml.WriteStartElement("w", "document", Main);
        xml.WriteStartElement("body", Main);
        xml.WriteStartElement("p", Main);
        Run(xml, title, bold: true, halfPoints: 32);
        xml.WriteEndElement();
        foreach (Paragraph paragraph in paragraphs)
        {
            xml.WriteStartElement("p", Main);
            Run(xml, $"{TranscriptWriter.Clock(paragraph.Start)}  ", bold: false);
            if (paragraph.Speaker is { } speaker)
            {
                Run(xml, $"{speaker}: ", bold: true);
            }

            Run(xml, string.Join(" ", paragraph.Lines.Select(line => Paragraph.Plain(line.Text))), bold: false);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Run(XmlWriter xml, string text, bool bold, int? halfPoints = null)
    {
        xml.WriteStartElement("r", Main);
        if (bold || halfPoints is not null)
        {
            xml.WriteStartElement("rPr", Main);
            xml.WriteElementString("b", Main, null);
            if (halfPoints is { } size)
            {
                xml.WriteStartElement("sz", Main);
                xml.WriteAttributeString("val", Main, size.ToString(System.Globalization.CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteStartElement("t", Main);
        xml.WriteAttributeString("xml", "space", null, "preserve");
        xml.WriteString(string.Concat(text.Where(letter => letter == ' ' || !char.IsControl(letter))));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
