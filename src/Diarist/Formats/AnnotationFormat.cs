using System.Globalization;

namespace Diarist.Formats;

/// <summary>The formats of turns, utterances and regions that are told apart by their content.</summary>
public enum AnnotationFormat
{
    /// <summary>See <see cref="Formats.Rttm"/>: turns.</summary>
    Rttm,

    /// <summary>See <see cref="Formats.Uem"/>: regions.</summary>
    Uem,

    /// <summary>See <see cref="Formats.Ctm"/>: words.</summary>
    Ctm,

    /// <summary>See <see cref="Formats.Stm"/>: utterances.</summary>
    Stm,

    /// <summary>See <see cref="Formats.SegLst"/>: utterances.</summary>
    SegLst,

    /// <summary>See <see cref="Formats.DiarizationJson"/>: turns.</summary>
    DiarizationJson,
}

/// <summary>Recognizes a format from the shape of the lines, not from the name of the file.</summary>
internal static class AnnotationSniffer
{
    private const int SampledLines = 500;

    /// <summary>What a format asks of a line. Where a line fits several, the earlier wins: a CTM is the narrower claim than an STM.</summary>
    private static readonly (AnnotationFormat Format, Func<List<string>, bool> Fits)[] LineShapes =
    [
        (AnnotationFormat.Rttm, fields => Rttm.IsLineType(fields[0])),
        (AnnotationFormat.Uem, fields => fields.Count == 4 && IsNumber(fields[2]) && IsNumber(fields[3])),
        (AnnotationFormat.Ctm, fields => fields.Count is >= 5 and <= 8 && IsNumber(fields[2]) && IsNumber(fields[3])
            && (fields.Count == 5 || AnnotationField.IsNotAvailable(fields[5]) || IsNumber(fields[5]))),
        (AnnotationFormat.Stm, fields => fields.Count >= 5 && IsNumber(fields[3]) && IsNumber(fields[4])),
    ];

    /// <summary>The format that most of the first lines have; null when the text has none of the formats.</summary>
    public static AnnotationFormat? Detect(string text)
    {
        string start = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (start.StartsWith('['))
        {
            return AnnotationFormat.SegLst;
        }

        if (start.StartsWith('{'))
        {
            return start.Contains("\"diarist/", StringComparison.Ordinal) ? AnnotationFormat.DiarizationJson : null;
        }

        int[] fits = new int[LineShapes.Length];
        foreach (AnnotationLine line in AnnotationLine.ReadAll(new StringReader(text), "").Take(SampledLines))
        {
            List<string> fields = line.Split(10);
            for (int i = 0; i < LineShapes.Length; i++)
            {
                fits[i] += LineShapes[i].Fits(fields) ? 1 : 0;
            }
        }

        int best = Array.IndexOf(fits, fits.Max());
        return fits[best] > 0 ? LineShapes[best].Format : null;
    }

    /// <summary>Whether the text says nothing: no line but blanks and comments.</summary>
    public static bool IsBlank(string text) => !AnnotationLine.ReadAll(new StringReader(text), "").Any();

    // NaN and infinities count, so that the reader of the format can refuse them with the line.
    private static bool IsNumber(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
