namespace Diarist.Transcripts;

/// <summary>Learns from a segment's text which of its words follow the one before without a space.</summary>
internal static class WordSpacing
{
    public static Word[] FromText(string text, IReadOnlyList<Word> words)
    {
        (int Start, int End)[] places = TextPieces.Places(text, words);
        return [.. words.Select((word, i) => places[i].Start < 0 ? word : word with { JoinsPrevious = i > 0 && places[i].Start > 0 && places[i - 1].End == places[i].Start })];
    }
}
