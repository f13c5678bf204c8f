using System.Net;
using System.Text;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>The text of a subtitle: voice tags, speaker prefixes, times inside it, and markup that says nothing. One pass over the text.</summary>
internal static class CueText
{
    private const int LongestPrefix = 60;

    /// <summary>
    /// One segment for each voice in the cue. Voices that share a cue share its time; times inside the text
    /// (<c>&lt;00:00:01.500&gt;</c>) become the times of its words, unless they lie outside the cue.
    /// </summary>
    public static IEnumerable<TranscriptSegment> Read(IEnumerable<string> lines, TimeRange? range, bool entities, bool names = false, string? speaker = null)
    {
        var part = new Part(range, entities) { Speaker = speaker };
        foreach (string line in lines)
        {
            int at = 0;
            if (TryPrefix(line, names, out string? prefix, out int length))
            {
                if (part.Finish() is { } before)
                {
                    yield return before;
                }

                part.Speaker = prefix;
                at = length;
            }

            // The next closing marks; each is searched for once, so that a line full of opening ones takes linear time.
            int angle = -1;
            int brace = -1;
            while (at < line.Length)
            {
                int open = line.AsSpan(at).IndexOfAny('<', '{');
                part.Add(open < 0 ? line.AsSpan(at) : line.AsSpan(at, open));
                if (open < 0)
                {
                    break;
                }

                at += open;

                angle = angle < at ? Next(line, '>', at) : angle;
                brace = brace < at ? Next(line, '}', at) : brace;
                int end = line[at] == '<' ? angle : brace;
                if (end == line.Length || line.AsSpan(at + 1, end - at - 1).Contains('<') || !IsTag(line.AsSpan(at, end + 1 - at)))
                {
                    part.Add(line.AsSpan(at, 1));
                    at++;
                    continue;
                }

                ReadOnlySpan<char> tag = line.AsSpan(at + 1, end - at - 1);
                if (ClockTime.TryParse(tag, out double stamp))
                {
                    part.Stamp(stamp);
                }
                else if (VoiceOf(tag) is { } voice)
                {
                    if (part.Finish() is { } before)
                    {
                        yield return before;
                    }

                    part.Speaker = Plain(voice, entities);
                }

                at = end + 1;
            }

            part.Add("\n");
        }

        if (part.Finish() is { } last)
        {
            yield return last;
        }
    }

    private static int Next(string line, char mark, int from)
    {
        int at = line.IndexOf(mark, from);
        return at < 0 ? line.Length : at;
    }

    /// <summary>A label such as <c>[SPEAKER_00]:</c> or <c>SPEAKER_00:</c> at the start of a line; any name, where names are asked for.</summary>
    private static bool TryPrefix(string line, bool names, out string? speaker, out int length)
    {
        speaker = null;
        length = 0;
        int start = line.AsSpan().IndexOfAnyExcept(' ', '\t');
        if (start < 0)
        {
            return false;
        }

        int colon = line.AsSpan(start, Math.Min(line.Length - start, LongestPrefix + 4)).IndexOf(':');
        if (colon > 0 && start + colon + 1 < line.Length && line[start + colon + 1] is ' ' or '\t')
        {
            string label = line.Substring(start, colon);
            bool bracketed = label.Length > 2 && label[0] == '[' && label[^1] == ']' && label.AsSpan(1, label.Length - 2).IndexOfAny('[', ']') < 0;
            bool numbered = label.StartsWith("SPEAKER_", StringComparison.Ordinal) && label.Length is > 8 and <= 12 && label.AsSpan(8).IndexOfAnyExceptInRange('0', '9') < 0;
            if (bracketed || numbered)
            {
                (speaker, length) = (bracketed ? label[1..^1] : label, start + colon + 1);
                return true;
            }
        }

        if (names && CueNames.StartsWithName(line[start..], out string name, out int behind))
        {
            (speaker, length) = (name, start + behind);
            return true;
        }

        return false;
    }

    /// <summary>Whether what stands between two marks is a tag: a name, a closing name, a time, or a style in braces.</summary>
    private static bool IsTag(ReadOnlySpan<char> text) => text[0] == '{'
        ? text.Length > 2 && text[1] == '\\'
        : text.Length == 2 || char.IsAsciiLetterOrDigit(text[1]) || (text[1] == '/' && (text.Length == 3 || char.IsAsciiLetterOrDigit(text[2])));

    /// <summary>The name in a voice tag (<c>v Name</c>, <c>v.loud Name</c>); null for other tags.</summary>
    private static string? VoiceOf(ReadOnlySpan<char> tag)
    {
        int space = tag.IndexOfAny(' ', '\t');
        return space > 0 && tag[0] == 'v' && (space == 1 || tag[1] == '.') && tag[space..].Trim() is { Length: > 0 } name ? name.ToString() : null;
    }

    private static string Plain(string text, bool entities) =>
        PlainText.OneLine(entities ? WebUtility.HtmlDecode(text) : text);

    /// <summary>What one voice says, as it is collected.</summary>
    private sealed class Part(TimeRange? range, bool entities)
    {
        private readonly StringBuilder _text = new();
        private readonly List<(int At, double Time)> _stamps = [];

        public string? Speaker { get; set; }

        public void Add(ReadOnlySpan<char> text) => _text.Append(text);

        public void Stamp(double time) => _stamps.Add((_text.Length, time));

        public TranscriptSegment? Finish()
        {
            string raw = _text.ToString();
            string plain = Plain(raw, entities);
            TranscriptSegment? segment = plain.Length == 0 ? null : new TranscriptSegment(plain, range, [.. TimedWords(raw)]) { Speaker = Speaker };
            _text.Clear();
            _stamps.Clear();
            return segment;
        }

        private IEnumerable<Word> TimedWords(string raw)
        {
            if (range is not { } cue || _stamps.Count == 0 || _stamps.Any(stamp => stamp.Time < cue.Start || stamp.Time > cue.End))
            {
                yield break;
            }

            double start = cue.Start;
            int from = 0;
            for (int i = 0; i <= _stamps.Count; i++)
            {
                int to = i < _stamps.Count ? _stamps[i].At : raw.Length;
                double end = Math.Max(start, i < _stamps.Count ? _stamps[i].Time : cue.End);
                foreach (string word in Plain(raw[from..to], entities).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return new Word(word, new TimeRange(start, end));
                }

                start = end;
                from = to;
            }
        }
    }
}
