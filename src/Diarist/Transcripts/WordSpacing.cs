namespace Diarist.Transcripts;

/// <summary>Learns from a segment's text which of its words follow the one before without a space.</summary>
internal static class WordSpacing
{
    public static Word[] FromText(string text, IReadOnlyList<Word> words)
    {
        var spaced = new Word[words.Count];
        int end = 0;
        for (int i = 0; i < spaced.Length; i++)
        {
            Word word = words[i];
            int at = word.Text.Length == 0 ? -1 : text.IndexOf(word.Text, end, StringComparison.OrdinalIgnoreCase);

            // A word found far away is another occurrence: the recogniser's text and words disagree here.
            if (at >= 0 && at - end <= 16)
            {
                spaced[i] = word with { JoinsPrevious = i > 0 && at == end };
                end = at + word.Text.Length;
            }
            else
            {
                spaced[i] = word;
            }
        }

        return spaced;
    }
}
