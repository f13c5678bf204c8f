using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts;

/// <summary>Notes what a whole transcript says about its times: texts that come twice, and more text than its time can hold.</summary>
internal static class TranscriptChecks
{
    // The fastest speakers reach 25 letters a second.
    private const double MostLettersPerSecond = 60;
    private const int FewestLetters = 20;

    /// <summary>Adds the notes; <paramref name="error"/> makes an error of the file from a sentence.</summary>
    public static void Note(Transcript transcript, ReadingNotes notes, Func<string, AnnotationFormatException> error)
    {
        var known = new HashSet<(string?, string, TimeRange)>();
        double start = double.PositiveInfinity;
        double end = double.NegativeInfinity;
        long letters = 0;
        foreach (TranscriptSegment segment in transcript.Segments)
        {
            if (segment.Range is not { } range || !segment.Text.Any(char.IsLetterOrDigit))
            {
                continue;
            }

            if (!range.IsEmpty && !known.Add((segment.Recording, segment.Text, range)))
            {
                notes.Add(ReadingNote.RepeatedText, () => error(string.Create(CultureInfo.InvariantCulture, $"at {range.Start:0.###} s")));
            }

            (start, end) = (Math.Min(start, range.Start), Math.Max(end, range.End));
            letters += segment.Text.Count(char.IsLetterOrDigit);
        }

        bool one = transcript.Segments.Select(segment => segment.Recording).Distinct().Take(2).Count() <= 1;
        if (one && end > start && letters >= FewestLetters && letters > MostLettersPerSecond * (end - start))
        {
            notes.Add(ReadingNote.ImplausibleTimes, () => error(string.Create(CultureInfo.InvariantCulture, $"{letters} letters from {start:0.######} to {end:0.######} s")));
        }
    }
}
