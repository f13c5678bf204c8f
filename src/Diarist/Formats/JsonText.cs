using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Diarist.Formats;

/// <summary>The texts of a JSON file. Bytes and escapes that are no characters become U+FFFD and are noted.</summary>
internal static class JsonText
{
    /// <summary>The text whose opening quote is at <paramref name="offset"/>.</summary>
    public static string Read(JsonIndex index, int offset)
    {
        ReadOnlySpan<byte> raw = index.Bytes.AsSpan(offset + 1);
        int end = raw.IndexOfAny((byte)'"', (byte)'\\');
        if (raw[end] == '"')
        {
            return Decode(index, offset, raw[..end]);
        }

        var text = new StringBuilder();
        while (raw[end] == '\\')
        {
            text.Append(Decode(index, offset, raw[..end]));
            int length = raw[end + 1] == 'u' ? 6 : 2;
            text.Append(length == 6
                ? (char)int.Parse(raw.Slice(end + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : raw[end + 1] switch { (byte)'n' => '\n', (byte)'t' => '\t', (byte)'r' => '\r', (byte)'b' => '\b', (byte)'f' => '\f', var other => (char)other });
            raw = raw[(end + length)..];
            end = raw.IndexOfAny((byte)'"', (byte)'\\');
        }

        text.Append(Decode(index, offset, raw[..end]));
        return Whole(index, offset, text.ToString());
    }

    private static string Decode(JsonIndex index, int offset, ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            index.Notes.Add(ReadingNote.BrokenText, () => index.Error(offset, "the text is not UTF-8"));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The text with U+FFFD for half of a surrogate pair, which Python writes for bytes that it could not decode.</summary>
    private static string Whole(JsonIndex index, int offset, string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var whole = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            whole.Append(rune.ToString());
        }

        string mended = whole.ToString();
        if (!string.Equals(mended, text, StringComparison.Ordinal))
        {
            index.Notes.Add(ReadingNote.BrokenText, () => index.Error(offset, "the text has an escape that is not a character"));
        }

        return mended;
    }
}
