using System.Text;

namespace Diarist.Transcripts;

/// <summary>A recognizer's unit of text: a word piece or a character.</summary>
internal readonly record struct TimedToken(string Text, TimeRange? Range);

/// <summary>Joins tokens to words, however their recognizer marks where a word begins.</summary>
internal static class TimedTokens
{
    /// <summary>The words with the number of tokens that each was made of; separators between words belong to none.</summary>
    public static IEnumerable<(Word Word, int First, int Count)> ToWords(IReadOnlyList<TimedToken> tokens, string? text)
    {
        Marking marking = MarkingOf(tokens);
        bool[] begins = marking == Marking.None && text is not null ? BeginningsIn(text, tokens) : new bool[tokens.Count];
        int first = -1;
        var draft = new StringBuilder();
        bool joins = false;
        bool separated = false;
        bool continues = false;
        bool draftAlone = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string raw = tokens[i].Text;
            string bare = Bare(raw);
            bool marked = begins[i] || raw.StartsWith(' ') || raw.StartsWith('▁') || separated || (marking == Marking.Continued && !continues);
            bool alone = bare.Length > 0 && (StandsAlone(bare) || (draft.Length > 0 && draftAlone));
            if (draft.Length > 0 && (marked || alone || bare.Length == 0))
            {
                yield return (Make(draft, tokens, first, i, joins), first, i - first);
                draft.Clear();
            }

            if (bare.Length > 0)
            {
                if (draft.Length == 0)
                {
                    (first, joins, draftAlone) = (i, i > 0 && !marked, StandsAlone(bare));
                }

                draft.Append(bare);
            }

            separated = bare.Length == 0;
            continues = raw.EndsWith("@@", StringComparison.Ordinal);
        }

        if (draft.Length > 0)
        {
            yield return (Make(draft, tokens, first, tokens.Count, joins), first, tokens.Count - first);
        }
    }

    private enum Marking
    {
        None,
        Marked,
        Continued,
    }

    private static Marking MarkingOf(IReadOnlyList<TimedToken> tokens)
    {
        if (tokens.Any(token => token.Text.EndsWith("@@", StringComparison.Ordinal)))
        {
            return Marking.Continued;
        }

        return tokens.Any(token => token.Text.StartsWith(' ') || token.Text.StartsWith('▁') || Bare(token.Text).Length == 0) ? Marking.Marked : Marking.None;
    }

    private static string Bare(string token)
    {
        string bare = token.Trim(' ', '▁', '|');
        return bare.EndsWith("@@", StringComparison.Ordinal) ? bare[..^2] : bare;
    }

    /// <summary>Whether the text is of a script written without spaces, in which every token is a word of its own.</summary>
    public static bool StandsAlone(string text) => StandsAlone(text.EnumerateRunes().First());

    /// <summary>Whether a character is of such a script.</summary>
    public static bool StandsAlone(Rune rune) =>
        rune.Value is (>= 0x2E80 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF00 and <= 0xFFEF) or (>= 0x20000 and <= 0x323AF);

    /// <summary>Whether a character is of a script that puts no space between words: those above, Thai, Lao, Burmese and Khmer.</summary>
    public static bool IsUnspaced(Rune rune) =>
        StandsAlone(rune) || rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0xA9E0 and <= 0xA9FF) or (>= 0xAA60 and <= 0xAA7F);

    /// <summary>Where words begin when only the text says: walks both and marks the token after each space of the text.</summary>
    private static bool[] BeginningsIn(string text, IReadOnlyList<TimedToken> tokens)
    {
        var begins = new bool[tokens.Count];
        int at = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            int before = at;
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (string.CompareOrdinal(text, at, tokens[i].Text, 0, tokens[i].Text.Length) != 0)
            {
                return new bool[tokens.Count];
            }

            begins[i] = at > before;
            at += tokens[i].Text.Length;
        }

        return begins;
    }

    private static Word Make(StringBuilder text, IReadOnlyList<TimedToken> tokens, int first, int end, bool joins)
    {
        TimeRange? range = null;
        for (int i = first; i < end; i++)
        {
            if (tokens[i].Range is { } own)
            {
                range = range is { } sofar ? new TimeRange(Math.Min(sofar.Start, own.Start), Math.Max(sofar.End, own.End)) : own;
            }
        }

        return new Word(text.ToString(), range) { JoinsPrevious = joins };
    }
}
