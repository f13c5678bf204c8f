using System.Globalization;
using System.Text;

namespace Diarist.Scoring;

/// <summary>What is done to the words of both sides before they are compared.</summary>
[Flags]
public enum TextNormalization
{
    /// <summary>Nothing: words are compared as they are spelled.</summary>
    None = 0,

    /// <summary>Letters become lower case (invariant culture).</summary>
    Lowercase = 1,

    /// <summary>
    /// Punctuation (the Unicode categories P*) goes, except an apostrophe or a hyphen between letters or digits (<c>it's</c>,
    /// <c>all-hands</c>; ’ counts as '); a word that was nothing else goes with it.
    /// </summary>
    StripPunctuation = 2,
}

/// <summary>Texts into words.</summary>
internal static class WordSplitter
{
    /// <summary>The words of a text, parted by white space.</summary>
    public static IEnumerable<string> Split(string text, TextNormalization normalization) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => Normalize(word, normalization)).Where(word => word.Length > 0);

    private static string Normalize(string word, TextNormalization normalization)
    {
        if (normalization.HasFlag(TextNormalization.StripPunctuation))
        {
            word = WithoutPunctuation(word);
        }

        return normalization.HasFlag(TextNormalization.Lowercase) ? word.ToLowerInvariant() : word;
    }

    private static string WithoutPunctuation(string word)
    {
        var kept = new StringBuilder(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            char character = word[i] == '’' ? '\'' : word[i];
            bool inside = i > 0 && i + 1 < word.Length && char.IsLetterOrDigit(word[i - 1]) && char.IsLetterOrDigit(word[i + 1]);
            if (!IsPunctuation(word, i) || (inside && character is '\'' or '-'))
            {
                kept.Append(character);
            }
        }

        return kept.ToString();
    }

    private static bool IsPunctuation(string word, int index) => CharUnicodeInfo.GetUnicodeCategory(word, index) is
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
        or UnicodeCategory.OtherPunctuation;
}
