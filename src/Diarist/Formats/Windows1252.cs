using System.Text;

namespace Diarist.Formats;

/// <summary>Texts that editors of Western languages save as Windows-1252, where UTF-8 is expected.</summary>
internal static class Windows1252
{
    private const double OftenAlone = 0.5;

    // One bad byte is damage and no encoding.
    private const int FewestLetters = 2;
    private const string Upper = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>
    /// Whether bytes that are not UTF-8 are such a text: its letters beyond ASCII stand alone between others at least half of the time. Characters of UTF-8
    /// that were cut in two stand beside their own bytes, and other code pages have words of nothing but high bytes.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> bytes)
    {
        int high = 0;
        int alone = 0;
        int letters = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
            {
                continue;
            }

            bool before = i > 0 && bytes[i - 1] >= 0x80;
            bool after = i + 1 < bytes.Length && bytes[i + 1] >= 0x80;
            high++;
            alone += before || after ? 0 : 1;
            letters += bytes[i] >= 0xC0 && i + 1 < bytes.Length && char.IsAsciiLetter((char)bytes[i + 1]) ? 1 : 0;
            if (bytes[i] == 0xFF || (bytes[i] is >= 0x80 and < 0xC0 && !IsMark(bytes[i])))
            {
                return false;
            }
        }

        return letters > 0 && high >= FewestLetters && alone >= OftenAlone * high;
    }

    /// <summary>The bytes as text in UTF-8.</summary>
    public static byte[] ToUtf8(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            text.Append(value is >= 0x80 and < 0xA0 ? Upper[value - 0x80] : (char)value);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Quotes, dashes, dots, the inverted marks and the signs that texts have.</summary>
    private static bool IsMark(byte value) => value is 0x80 or 0x82 or 0x84 or 0x85 or 0x8B or (>= 0x91 and <= 0x97) or 0x99 or 0x9B or 0xA0 or 0xA1 or 0xA3 or 0xA7 or 0xAB or 0xB0 or 0xB4 or 0xBB or 0xBF;
}
