using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// The text of MOSS-Transcribe-Diarize: <c>[start][Sxx] text[end]</c>, one segment after the other, with or without
/// white space between them. The model may leave the speaker out; such a segment is read without one (MOSS's own parser
/// calls it S01). A number in brackets that neither opens nor ends a segment is text.
/// </summary>
internal static partial class MossText
{
    /// <summary>Whether a text starts with such a time and goes on: a JSON list of one number is all of its file.</summary>
    public static bool StartsAt(string text) => Opening().IsMatch(text);

    /// <summary>The segments; none when the text neither names a speaker in this way nor starts with a segment that has its end.</summary>
    public static IReadOnlyList<TranscriptSegment> Read(string text)
    {
        var segments = new List<TranscriptSegment>();
        MatchCollection times = Time().Matches(text);
        Match? opened = null;
        int closed = 0;
        bool recognized = times.Any(time => time.Groups["speaker"].Success);
        foreach (Match time in times)
        {
            bool opens = time.Groups["speaker"].Success || (opened is null && text.AsSpan(closed, time.Index - closed).IsWhiteSpace());
            if (opened is not null && (opens || time.Groups["ends"].Success))
            {
                Add(segments, text, opened, time.Index, Seconds(time));
                (opened, closed) = (null, time.Index + time.Length);
                recognized |= !opens;
            }

            opened = opens ? time : opened;
        }

        if (opened is not null)
        {
            Add(segments, text, opened, text.Length, null);
        }

        return recognized ? segments : [];
    }

    /// <summary>
    /// Adds what is said from one time to the next. Text before the first time belongs to the first segment; a segment
    /// whose end is missing ends where the next begins, and the last one where it starts.
    /// </summary>
    private static void Add(List<TranscriptSegment> segments, string text, Match opened, int to, double? end)
    {
        string lead = segments.Count == 0 ? text[..opened.Index] : "";
        string said = string.Join(' ', (lead + text[(opened.Index + opened.Length)..to]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (said.Length > 0)
        {
            double start = Seconds(opened);
            string? speaker = opened.Groups["speaker"] is { Success: true } named ? named.Value : null;
            segments.Add(new TranscriptSegment(said, new TimeRange(start, Math.Max(start, end ?? start)), []) { Speaker = speaker });
        }
    }

    private static double Seconds(Match time) => double.Parse(time.Groups["time"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    // A time ends a segment when the next time, or nothing at all, follows.
    [GeneratedRegex(@"\[(?<time>[0-9]{1,9}(\.[0-9]{1,9})?)\](\s*\[(?<speaker>S[0-9]{1,4})\]|(?<ends>(?=\s*(\[[0-9]{1,9}(\.[0-9]{1,9})?\]|$))))?")]
    private static partial Regex Time();

    [GeneratedRegex(@"^\[[0-9]{1,9}(\.[0-9]{1,9})?\]\s*\S")]
    private static partial Regex Opening();
}
