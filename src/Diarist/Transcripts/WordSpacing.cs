namespace Diarist.Transcripts;

/// <summary>Which words of a segment follow the one before without a space: its text says, or else the script.</summary>
internal static class WordSpacing
{
    /// <summary>The words of a segment that has no other text: two of a script that is written without spaces join.</summary>
    public static Word[] FromScript(IReadOnlyList<Word> words) =>
        [.. words.Select((word, i) => word.JoinsPrevious || i == 0 || !Joins(words[i - 1].Text, word.Text) ? word : word with { JoinsPrevious = true })];

    private static bool Joins(string before, string text) =>
        before.Length > 0 && text.Length > 0 && TimedTokens.IsUnspaced(before.EnumerateRunes().Last()) && TimedTokens.IsUnspaced(text.EnumerateRunes().First());

    public static Word[] FromText(string text, IReadOnlyList<Word> words)
    {
        (int Start, int End)[] places = TextPieces.Places(text, words);
        return [.. words.Select((word, i) => places[i].Start < 0 ? word : word with { JoinsPrevious = i > 0 && places[i].Start > 0 && places[i - 1].End == places[i].Start })];
    }
}
