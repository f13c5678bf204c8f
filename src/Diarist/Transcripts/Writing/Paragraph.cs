namespace Diarist.Transcripts.Writing;

/// <summary>What one speaker says before another begins: the unit of a text for readers.</summary>
/// <param name="Speaker">The label; null when nobody holds it.</param>
/// <param name="Lines">The lines, in order.</param>
internal sealed record Paragraph(string? Speaker, IReadOnlyList<SpeakerLine> Lines)
{
    /// <summary>When it begins, in seconds.</summary>
    public double Start => Lines[0].Range.Start;

    /// <summary>Joins consecutive lines of one speaker in one recording.</summary>
    public static IReadOnlyList<Paragraph> From(IReadOnlyList<SpeakerLine> lines)
    {
        var paragraphs = new List<Paragraph>();
        var open = new List<SpeakerLine>();
        foreach (SpeakerLine line in lines)
        {
            if (open.Count > 0 && (open[0].Speaker != line.Speaker || open[0].Recording != line.Recording))
            {
                paragraphs.Add(new Paragraph(open[0].Speaker, [.. open]));
                open.Clear();
            }

            open.Add(line);
        }

        return open.Count > 0 ? [.. paragraphs, new Paragraph(open[0].Speaker, [.. open])] : paragraphs;
    }

    /// <summary>A text as one line of characters that XML and HTML may hold.</summary>
    public static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(rune => IsText(rune.Value) ? rune.ToString() : " ")).Trim();

    // The characters of XML 1.0, section 2.2, without line breaks and tabs.
    private static bool IsText(int value) => value is (>= 0x20 and < 0x7f) or (>= 0xa0 and <= 0xd7ff) or (>= 0xe000 and <= 0xfffd) or >= 0x10000;
}
