using System.Globalization;
using System.Text;
using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>The policies that look beyond a single word; each works on the speakers' indices of consecutive words.</summary>
internal static class RunRules
{
    private const double Certain = 0.8;

    /// <summary>Applies what <paramref name="policy"/> asks for, in this order: sentences, runs, punctuation.</summary>
    /// <param name="words">The words.</param>
    /// <param name="speakers">The speaker of each.</param>
    /// <param name="certainties">The share of each word that its speaker certainly holds.</param>
    /// <param name="groups">The sizes of the segments, in order.</param>
    /// <param name="policy">The rules.</param>
    public static void Apply(IReadOnlyList<Word> words, Span<int> speakers, ReadOnlySpan<double> certainties, ReadOnlySpan<int> groups, AttributionPolicy policy)
    {
        if (policy.WholeSentences)
        {
            GiveSentencesToTheirMajority(words, speakers, certainties, groups, policy);
        }

        if (policy.MinimumRun > 1)
        {
            DissolveShortRuns(speakers, policy.MinimumRun);
        }

        if (policy.GluePunctuation)
        {
            GluePunctuation(words, speakers);
        }
    }

    private static void GiveSentencesToTheirMajority(IReadOnlyList<Word> words, Span<int> speakers, ReadOnlySpan<double> certainties, ReadOnlySpan<int> groups, AttributionPolicy policy)
    {
        int first = 0;
        foreach (int size in groups)
        {
            int start = first;
            for (int i = first; i < first + size; i++)
            {
                // What no mark ends is no sentence: a transcript without punctuation must not go to one speaker.
                if (WordText.EndsSentence(words[i].Text))
                {
                    for (int part = start, next; part <= i && i - start < policy.LongestSentence; part = next)
                    {
                        next = part + 1;
                        while (next <= i && PauseAfter(words, next - 1) <= policy.SentencePause)
                        {
                            next++;
                        }

                        Unite(words, speakers[part..next], certainties[part..next], part, policy);
                    }

                    start = i + 1;
                }
            }

            first += size;
        }
    }

    /// <summary>Seconds between a word and the next; what is said on another channel is not the same sentence.</summary>
    private static double PauseAfter(IReadOnlyList<Word> words, int word) =>
        words[word].Channel != words[word + 1].Channel ? double.PositiveInfinity
        : words[word].Range is { } before && words[word + 1].Range is { } after ? after.Start - before.End : 0;

    /// <summary>Gives the words between two pauses of a sentence to their majority, or, where turns change among them with certainty, each part to its own.</summary>
    private static void Unite(IReadOnlyList<Word> words, Span<int> speakers, ReadOnlySpan<double> certainties, int offset, AttributionPolicy policy)
    {
        int start = 0;
        for (int i = 1; i <= speakers.Length; i++)
        {
            if (i == speakers.Length || (speakers[i] != speakers[i - 1] && CertainRun(words, speakers, certainties, offset, i - 1, -1, policy.SentenceChange) && CertainRun(words, speakers, certainties, offset, i, 1, policy.SentenceChange)))
            {
                Span<int> part = speakers[start..i];
                if (Majority(part) is { } winner)
                {
                    part.Fill(winner);
                }

                start = i;
            }
        }
    }

    /// <summary>
    /// Whether one speaker certainly holds at least <paramref name="enough"/> seconds of words from <paramref name="from"/> on, in the given direction.
    /// The word at the change itself may be divided.
    /// </summary>
    private static bool CertainRun(IReadOnlyList<Word> words, ReadOnlySpan<int> speakers, ReadOnlySpan<double> certainties, int offset, int from, int step, double enough)
    {
        double held = 0;
        for (int i = from; i >= 0 && i < speakers.Length && speakers[i] == speakers[from] && speakers[i] != OverlapMeter.Nobody; i += step)
        {
            if (certainties[i] < Certain && i != from)
            {
                return false;
            }

            held += certainties[i] * (words[offset + i].Range?.Duration ?? 0);
            if (held >= enough)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The speaker of more than half of the words, by Boyer and Moore's vote; null when there is none.</summary>
    private static int? Majority(ReadOnlySpan<int> speakers)
    {
        int candidate = OverlapMeter.Nobody;
        int votes = 0;
        foreach (int speaker in speakers)
        {
            if (votes == 0)
            {
                candidate = speaker;
            }

            votes += speaker == candidate ? 1 : -1;
        }

        return candidate != OverlapMeter.Nobody && 2 * speakers.Count(candidate) > speakers.Length ? candidate : null;
    }

    private static void DissolveShortRuns(Span<int> speakers, int minimum)
    {
        int start = 0;
        while (start < speakers.Length)
        {
            int end = start + 1;
            while (end < speakers.Length && speakers[end] == speakers[start])
            {
                end++;
            }

            bool between = start > 0 && end < speakers.Length && speakers[start - 1] == speakers[end];
            if (between && end - start < minimum && speakers[end] != OverlapMeter.Nobody)
            {
                speakers[start..end].Fill(speakers[end]);
            }

            start = end;
        }
    }

    private static void GluePunctuation(IReadOnlyList<Word> words, Span<int> speakers)
    {
        for (int i = 1; i < words.Count; i++)
        {
            if (WordText.IsPunctuation(words[i].Text) && !Opens(words[i].Text) && !IsPicture(words[i].Text))
            {
                speakers[i] = speakers[i - 1];
            }
        }

        for (int i = words.Count - 2; i >= 0; i--)
        {
            if (Opens(words[i].Text))
            {
                speakers[i] = speakers[i + 1];
            }
        }
    }

    /// <summary>Emoji and notes stand for something that is heard and have a time of their own.</summary>
    private static bool IsPicture(string text) => text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol);

    private static bool Opens(string text) => text is "(" or "[" or "{" or "«" or "“" or "‘" or "¿" or "¡" or "「" or "『" or "（";
}
