using Diarist.Attribution;

namespace Diarist.Transcripts;

/// <summary>
/// Cuts the text of a segment where its words stand in it. Recognizers write punctuation and numbers into the text that
/// their words lack, so what is written comes from the text; a word that the text lacks is added, so that neither loses.
/// </summary>
internal static class TextPieces
{
    // How far behind its place a word is looked for; a bound keeps the search linear.
    private const int Reach = 24;
    private const int LongestReach = 400;

    /// <summary>
    /// The part of <paramref name="text"/> that belongs to each word, with the space and the punctuation behind it.
    /// <paramref name="complete"/> is false when a word is not in the text and was added.
    /// </summary>
    public static string[] Of(string text, IReadOnlyList<Word> words, out bool complete)
    {
        (int Start, int End)[] places = Places(text, words);
        var pieces = new string[words.Count];
        complete = true;
        int at = 0;
        for (int i = 0; i < words.Count;)
        {
            if (places[i].Start >= 0)
            {
                int cut = i + 1 == words.Count ? text.Length : places[i + 1].Start >= 0 ? CutBefore(text, places[i].End, places[i + 1].Start) : CutBehind(text, places[i].End);

                // Marks behind a word may be a word of their own further on, and are taken already then.
                cut = Math.Max(at, cut);
                pieces[i] = text[at..cut];
                at = cut;
                i++;
                continue;
            }

            int next = i;
            while (next < words.Count && places[next].Start < 0)
            {
                next++;
            }

            int until = next == words.Count ? text.Length : Math.Max(at, CutBefore(text, at, places[next].Start));
            complete &= Share(text[at..until], words, i, next, pieces, spaced: at == 0 || char.IsWhiteSpace(text[at - 1]));
            at = until;
            i = next;
        }

        return pieces;
    }

    /// <summary>Where each word stands in the text, in order; −1 for those that are not found.</summary>
    public static (int Start, int End)[] Places(string text, IReadOnlyList<Word> words)
    {
        var places = new (int Start, int End)[words.Count];
        int at = 0;
        int reach = Reach;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i].Text;
            int found = Find(text, word, at, reach);
            if (found < 0)
            {
                word = word.Trim('.', ',', '?', '!', ';', ':', '"', '\'', '…', '。', '，', '？', '！', '-', '–', '—', ' ');
                found = word.Length == 0 || word.Length == words[i].Text.Length ? -1 : Find(text, word, at, reach);
            }

            places[i] = found < 0 ? (-1, -1) : (found, found + word.Length);
            at = found < 0 ? at : places[i].End;
            reach = found < 0 ? Math.Min(LongestReach, reach + words[i].Text.Length + 2) : Reach;
        }

        return places;
    }

    /// <summary>The first place at which the word stands as a whole, or directly where the last one ended.</summary>
    private static int Find(string text, string word, int from, int reach)
    {
        int end = Math.Min(text.Length, from + reach + word.Length);
        for (int at = from; word.Length > 0 && at + word.Length <= end; at++)
        {
            at = text.IndexOf(word, at, end - at, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return -1;
            }

            bool joins = at == from || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(word[0]) || TimedTokens.StandsAlone(word);
            if (joins)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The cut between two neighbours: behind the last space, so that marks in front of a word stay with it.</summary>
    private static int CutBefore(string text, int end, int start)
    {
        for (int at = start; at > end; at--)
        {
            if (char.IsWhiteSpace(text[at - 1]))
            {
                return at;
            }
        }

        return start;
    }

    /// <summary>The cut behind a word and what is attached to it.</summary>
    private static int CutBehind(string text, int end)
    {
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>Shares a stretch of text among words that are not found in it; where there is none the words stand for themselves.</summary>
    private static bool Share(string stretch, IReadOnlyList<Word> words, int first, int end, string[] pieces, bool spaced)
    {
        int count = end - first;
        if (string.IsNullOrWhiteSpace(stretch) || stretch.All(character => !char.IsLetterOrDigit(character)))
        {
            bool spoken = false;
            for (int i = first; i < end; i++)
            {
                bool said = !WordText.IsPunctuation(words[i].Text);
                spoken |= said;
                pieces[i] = said ? $"{(spaced ? "" : " ")}{words[i].Text} " : "";
                spaced |= said;
            }

            pieces[first] = stretch + pieces[first];
            return !spoken;
        }

        var parts = new List<string>();
        int start = 0;
        for (int at = 1; at <= stretch.Length; at++)
        {
            if (at == stretch.Length || (char.IsWhiteSpace(stretch[at - 1]) && !char.IsWhiteSpace(stretch[at])))
            {
                parts.Add(stretch[start..at]);
                start = at;
            }
        }

        for (int i = 0; i < count; i++)
        {
            pieces[first + i] = string.Concat(parts.GetRange(i * parts.Count / count, ((i + 1) * parts.Count / count) - (i * parts.Count / count)));
        }

        return true;
    }
}
