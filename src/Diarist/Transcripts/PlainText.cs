namespace Diarist.Transcripts;

/// <summary>Texts as the formats can carry them.</summary>
internal static class PlainText
{
    /// <summary>Whether a text has control characters that are no white space.</summary>
    public static bool HasControls(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text with U+FFFD for each of them.</summary>
    public static string WithoutControls(string text) =>
        HasControls(text) ? string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsControl(source[i]) ? '\uFFFD' : source[i];
            }
        })
        : text;

    /// <summary>The text on one line, with single spaces and without control characters.</summary>
    public static string OneLine(string text) =>
        WithoutControls(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    private static bool IsControl(char character) => (character < ' ' && !char.IsWhiteSpace(character)) || character is '\x7F' or (>= '\x1C' and <= '\x1F');
}
