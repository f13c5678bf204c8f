using System.Text;

namespace Diarist.Asr;

/// <summary>A command as one text, cut into words: white space separates, single and double quotes hold together.</summary>
internal static class CommandLineText
{
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool any = false;
        char quote = '\0';
        foreach (char character in command)
        {
            if (quote != '\0')
            {
                if (character == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(character);
                }
            }
            else if (character is '"' or '\'')
            {
                (quote, any) = (character, true);
            }
            else if (!char.IsWhiteSpace(character))
            {
                word.Append(character);
                any = true;
            }
            else if (any)
            {
                words.Add(word.ToString());
                word.Clear();
                any = false;
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"a {quote} is not closed");
        }

        if (any)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
