namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Names that meeting programs write into captions: <c>Name: text</c> (Zoom, Teams), and identifiers of cues
/// (<c>1 "Ann Lee" (3021)</c> from Webex, or the name alone).
/// </summary>
internal static class CueNames
{
    private const int LongestName = 60;
    private const int MostParts = 5;

    /// <summary>Whether a line begins with a name and a colon; the name starts with a capital, or with a letter that has none.</summary>
    public static bool StartsWithName(string line, out string name, out int length)
    {
        name = "";
        length = 0;
        int colon = line.AsSpan(0, Math.Min(line.Length, LongestName + 2)).IndexOfAny(':', '：');
        if (colon <= 0 || (line[colon] == ':' && colon + 1 < line.Length && !char.IsWhiteSpace(line[colon + 1])))
        {
            return false;
        }

        name = line[..colon].Trim();
        length = colon + 1;
        return IsName(name);
    }

    /// <summary>The name that an identifier is or holds; null when it is a number or a code.</summary>
    public static string? OfIdentifier(string identifier)
    {
        int open = identifier.IndexOf('"', StringComparison.Ordinal);
        int close = identifier.LastIndexOf('"');
        string name = open >= 0 && close > open ? identifier[(open + 1)..close].Trim() : identifier;
        return IsName(name) && !IsCode(name) ? name : null;
    }

    /// <summary>Webex writes the number of the cue, the name in quotes, and the number of the person.</summary>
    public static bool IsWebexIdentifier(string line) =>
        line.Length > 2 && char.IsAsciiDigit(line[0]) && line.Contains('"', StringComparison.Ordinal) && line[^1] is ')' or '"';

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && char.IsLetter(text[0]) && !char.IsLower(text[0])
        && !text.Any("<>[]{}?!;\"".Contains)
        && text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MostParts;

    /// <summary>One word with digits and hyphens or slashes, as Teams numbers its cues.</summary>
    private static bool IsCode(string text) =>
        !text.Contains(' ', StringComparison.Ordinal) && text.Any(char.IsAsciiDigit) && text.Any(character => character is '-' or '/' or '_');
}
