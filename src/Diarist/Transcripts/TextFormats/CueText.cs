using System.Net;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>The text of a subtitle: voice tags, speaker prefixes, times inside it, and markup that says nothing.</summary>
internal static partial class CueText
{
    /// <summary>
    /// One segment for each voice in the cue. Voices that share a cue share its time; times inside the text
    /// (<c>&lt;00:00:01.500&gt;</c>) become the times of its words.
    /// </summary>
    public static IEnumerable<TranscriptSegment> Read(IEnumerable<string> lines, TimeRange range, bool entities)
    {
        string? speaker = null;
        string rest = string.Join('\n', lines);
        MatchCollection voices = Voice().Matches(rest);
        int from = 0;
        for (int i = 0; i <= voices.Count; i++)
        {
            int to = i < voices.Count ? voices[i].Index : rest.Length;
            foreach (TranscriptSegment segment in ReadPrefixed(rest[from..to], range, speaker, entities))
            {
                yield return segment;
            }

            if (i < voices.Count)
            {
                speaker = Plain(voices[i].Groups["name"].Value, entities);
                from = voices[i].Index + voices[i].Length;
            }
        }
    }

    /// <summary>Splits at lines that start with a label such as <c>[SPEAKER_00]:</c>.</summary>
    private static IEnumerable<TranscriptSegment> ReadPrefixed(string text, TimeRange range, string? speaker, bool entities)
    {
        int from = 0;
        foreach (Match prefix in Prefix().Matches(text).Append(null!))
        {
            int to = prefix?.Index ?? text.Length;
            if (Segment(text[from..to], range, speaker, entities) is { } segment)
            {
                yield return segment;
            }

            if (prefix is not null)
            {
                speaker = prefix.Groups["name"].Value;
                from = prefix.Index + prefix.Length;
            }
        }
    }

    private static TranscriptSegment? Segment(string text, TimeRange range, string? speaker, bool entities)
    {
        string plain = Plain(text, entities);
        return plain.Length == 0 ? null : new TranscriptSegment(plain, range, [.. TimedWords(text, range, entities)]) { Speaker = speaker };
    }

    private static IEnumerable<Word> TimedWords(string text, TimeRange range, bool entities)
    {
        MatchCollection stamps = Stamp().Matches(text);
        double start = range.Start;
        int from = 0;
        for (int i = 0; i <= stamps.Count && stamps.Count > 0; i++)
        {
            int to = i < stamps.Count ? stamps[i].Index : text.Length;
            double end = i < stamps.Count && CueTime.TryParse(stamps[i].Groups["time"].Value, out double stamp) ? stamp : range.End;
            foreach (string word in Plain(text[from..to], entities).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return new Word(word, new TimeRange(start, Math.Max(start, end)));
            }

            start = Math.Max(start, end);
            from = i < stamps.Count ? stamps[i].Index + stamps[i].Length : to;
        }
    }

    /// <summary>The text without tags and with single spaces.</summary>
    private static string Plain(string text, bool entities)
    {
        string bare = Tag().Replace(text, "");
        bare = entities ? WebUtility.HtmlDecode(bare) : bare;
        return string.Join(' ', bare.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex(@"<v(\.[^\s>]*)?[ \t]+(?<name>[^>]+)>")]
    private static partial Regex Voice();

    [GeneratedRegex(@"^[ \t]*(\[(?<name>[^\[\]\n]{1,60})\]|(?<name>SPEAKER_\d{1,4})):[ \t]+", RegexOptions.Multiline)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"<(?<time>(\d{1,6}:)?\d{1,6}:\d{1,2}[.,]\d{1,6})>")]
    private static partial Regex Stamp();

    [GeneratedRegex(@"</?[a-zA-Z0-9][^>]*>|</?>|\{\\[^}]*\}")]
    private static partial Regex Tag();
}
