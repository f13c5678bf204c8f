using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts;

/// <summary>Notes what a whole transcript says about its times: texts that come twice, and more text than its time can hold.</summary>
internal static class TranscriptChecks
{
    // The fastest speakers reach 25 letters a second.
    private const double MostLettersPerSecond = 60;
    private const int FewestLetters = 20;

    // A single word in a minute; pauses that count as part of a text come nowhere near.
    private const double FewestLettersPerSecond = 0.05;
    private const int FewestTexts = 3;

    // Where a third text begins long before the first ends, ends stand where lengths are meant.
    private const int TextsOver = 3;
    private const double SecondsOver = 1;
    private const int FewestTextsOver = 10;

    /// <summary>Adds the notes; <paramref name="error"/> makes an error of the file from a sentence.</summary>
    public static void Note(Transcript transcript, ReadingNotes notes, Func<string, AnnotationFormatException> error)
    {
        var known = new HashSet<(string?, string, TimeRange)>();
        double start = double.PositiveInfinity;
        double end = double.NegativeInfinity;
        long letters = 0;
        double lastStart = double.NegativeInfinity;
        long beforeLast = 0;
        var rates = new List<double>();
        TranscriptSegment? before = null;
        foreach (TranscriptSegment segment in transcript.Segments)
        {
            NoteOrder(segment, notes, error);
            if (segment.Range is not { } range || !segment.Text.Any(char.IsLetterOrDigit))
            {
                continue;
            }

            if (!range.IsEmpty && !known.Add((segment.Recording, segment.Text, range)))
            {
                notes.Add(ReadingNote.RepeatedText, () => error(string.Create(CultureInfo.InvariantCulture, $"at {range.Start:0.###} s")));
            }

            if (before is { } last && last.Recording == segment.Recording && last.Range!.Value.Start == range.Start && last.Text.Length < segment.Text.Length && segment.Text.StartsWith(last.Text, StringComparison.Ordinal))
            {
                notes.Add(ReadingNote.GrowingText, () => error(string.Create(CultureInfo.InvariantCulture, $"at {range.Start:0.###} s")));
            }

            before = segment;
            (start, end) = (Math.Min(start, range.Start), Math.Max(end, range.End));
            int own = segment.Text.Count(char.IsLetterOrDigit);
            if (range.Start > lastStart)
            {
                (lastStart, beforeLast) = (range.Start, letters);
            }

            letters += own;
            rates.Add(range.IsEmpty ? double.PositiveInfinity : own / range.Duration);
        }

        bool one = transcript.Segments.Select(segment => segment.Recording).Distinct().Take(2).Count() <= 1;
        if (one && end > start && letters >= FewestLetters && letters > MostLettersPerSecond * (end - start))
        {
            notes.Add(ReadingNote.ImplausibleTimes, () => error(string.Create(CultureInfo.InvariantCulture, $"{letters} letters from {start:0.######} to {end:0.######} s")));
        }
        else if (one && rates.Count >= FewestTexts && lastStart > start && beforeLast >= FewestLetters && beforeLast > MostLettersPerSecond * (lastStart - start))
        {
            // Ends alone in another unit: the starts do not leave the texts before them the time.
            notes.Add(ReadingNote.ImplausibleTimes, () => error(string.Create(CultureInfo.InvariantCulture, $"{beforeLast} letters start from {start:0.######} to {lastStart:0.######} s")));
        }

        if (one && Overrun(transcript) is { } overrun)
        {
            notes.Add(ReadingNote.OverrunTexts, () => error(overrun));
        }

        rates.Sort();
        if (rates.Count >= FewestTexts && rates[rates.Count / 2] < FewestLettersPerSecond)
        {
            notes.Add(ReadingNote.ImplausibleLengths, () => error(string.Create(CultureInfo.InvariantCulture, $"the middle text has {rates[rates.Count / 2]:0.#####} letters a second")));
        }
    }

    // A word that ends before the one in front of it begins; those of two people may overlap, but do not change places.
    private static void NoteOrder(TranscriptSegment segment, ReadingNotes notes, Func<string, AnnotationFormatException> error)
    {
        Word? before = null;
        foreach (Word word in segment.Words)
        {
            if (word.Range is not { } range)
            {
                continue;
            }

            if (before is { Range: { } last } && range.Start < last.Start && range.End <= last.Start)
            {
                notes.Add(ReadingNote.UnorderedWords, () => error(string.Create(CultureInfo.InvariantCulture, $"\"{word.Text}\" at {range.Start:0.###} s is written behind \"{before.Text}\" at {last.Start:0.###} s")));
            }

            before = word;
        }
    }

    // Most words, or texts where there are no words, last beyond the starts of several others.
    private static string? Overrun(Transcript transcript)
    {
        TimeRange[] texts = [.. transcript.Segments
            .SelectMany(segment => segment.Words.Count > 0 ? segment.Words.Select(word => word.Range) : [segment.Range])
            .OfType<TimeRange>()];
        int over = 0;
        TimeRange first = default;
        for (int i = 0; i + TextsOver < texts.Length; i++)
        {
            if (texts[i + TextsOver].Start >= texts[i].Start && texts[i].End > texts[i + TextsOver].Start + SecondsOver)
            {
                first = over++ == 0 ? texts[i] : first;
            }
        }

        return texts.Length >= FewestTextsOver && 2 * over > texts.Length
            ? string.Create(CultureInfo.InvariantCulture, $"from {first.Start:0.###} to {first.End:0.###} s")
            : null;
    }
}
