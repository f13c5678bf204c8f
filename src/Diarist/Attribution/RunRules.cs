using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>The policies that look beyond a single word; each works on the speakers' indices of consecutive words.</summary>
internal static class RunRules
{
    /// <summary>Applies what <paramref name="policy"/> asks for, in this order: sentences, runs, punctuation.</summary>
    public static void Apply(IReadOnlyList<Word> words, Span<int> speakers, AttributionPolicy policy)
    {
        if (policy.WholeSentences)
        {
            GiveSentencesToTheirMajority(words, speakers, policy.LongestSentence);
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

    private static void GiveSentencesToTheirMajority(IReadOnlyList<Word> words, Span<int> speakers, int longest)
    {
        int start = 0;
        for (int i = 0; i < words.Count; i++)
        {
            // What no mark ends is no sentence: a transcript without punctuation must not go to one speaker.
            if (WordText.EndsSentence(words[i].Text))
            {
                Span<int> sentence = speakers[start..(i + 1)];
                if (sentence.Length <= longest && Majority(sentence) is { } winner)
                {
                    sentence.Fill(winner);
                }

                start = i + 1;
            }
        }
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
            if (WordText.IsPunctuation(words[i].Text) && !Opens(words[i].Text))
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

    private static bool Opens(string text) => text is "(" or "[" or "{" or "«" or "“" or "‘" or "¿" or "¡" or "「" or "『" or "（";
}
