using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Which columns of a table hold what, by the names that the tools of the field give them, and by those that people write in German, French, Spanish, Italian, Portuguese and Dutch.</summary>
/// <param name="Start">The start.</param>
/// <param name="End">The end.</param>
/// <param name="Text">The text.</param>
/// <param name="Speaker">The speaker; −1 when there is none.</param>
/// <param name="Unit">The units in a second, where the header says: 1000 for milliseconds; otherwise null.</param>
internal sealed record TableColumns(int Start, int End, int Text, int Speaker, double? Unit)
{
    /// <summary>Whether the column of the end holds durations.</summary>
    public bool EndIsDuration { get; private init; }

    private const double Milliseconds = 1000;

    private static readonly string[] Starts = ["start", "starttime", "startms", "starts", "begin", "begintime", "from", "starttimeinmilliseconds", "startseconds", "starttimeinseconds", "in", "timein", "tcin", "timecodein", "inpoint", "startzeit", "beginn", "anfang", "von", "début", "debut", "inicio", "início", "inizio", "comienzo", "starttijd"];
    private static readonly string[] Ends = ["end", "endtime", "endms", "ends", "stop", "stoptime", "to", "endtimeinmilliseconds", "endseconds", "endtimeinseconds", "out", "timeout", "tcout", "timecodeout", "outpoint", "ende", "endzeit", "bis", "fin", "fine", "fim", "final", "einde", "eind", "eindtijd"];
    private static readonly string[] Durations = ["duration", "dur", "length", "dauer", "länge", "durée", "duree", "duración", "duracion", "durata", "duração", "duur"];
    private static readonly string[] Texts = ["text", "transcript", "transcription", "sentence", "content", "caption", "utterance", "subtitle", "words", "word", "inhalt", "satz", "äußerung", "transkript", "transkription", "untertitel", "wort", "texte", "texto", "testo", "tekst"];
    private static readonly string[] Speakers = ["speaker", "speakername", "speakerid", "speakerlabel", "sprecher", "sprecherin", "locuteur", "intervenant", "hablante", "orador", "parlante", "falante", "spreker"];

    /// <summary>Whether the text is behind all the others.</summary>
    public bool TextIsLast => Text > Start && Text > End && Text > Speaker;

    /// <summary>The columns of a table without a header whose first row is start, end and text; null when the row is none of such a table.</summary>
    public static TableColumns? OfRow(IReadOnlyList<string> row, char separator) =>
        row.Count >= 3 && TableTime.TryParse(row[0], separator, out double start) && TableTime.TryParse(row[1], separator, out double end) && end >= start && row[2].Any(char.IsLetter)
            ? new TableColumns(0, 1, 2, -1, null) : null;

    /// <summary>The columns of a header; null when it is none.</summary>
    public static TableColumns? Of(IReadOnlyList<string> header)
    {
        string[] names = [.. header.Select(name => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant())];
        int Find(string[] known) => known.Select(name => Array.IndexOf(names, name)).FirstOrDefault(at => at >= 0, -1);
        var columns = new TableColumns(Find(Starts), Find(Ends), Find(Texts), Find(Speakers), null);
        if (columns.End < 0)
        {
            columns = columns with { End = Find(Durations), EndIsDuration = true };
        }

        if (columns.Start < 0 || columns.End < 0 || columns.Text < 0 || header.Any(name => ClockTime.TryParseAny(name, out _)))
        {
            return null;
        }

        return names[columns.Start].EndsWith("ms", StringComparison.Ordinal) || names[columns.Start].EndsWith("milliseconds", StringComparison.Ordinal) ? columns with { Unit = Milliseconds } : columns;
    }
}
