using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Diarist.Formats;

/// <summary>UTF-8, UTF-16, and positions in them.</summary>
internal static class Encodings
{
    /// <summary>3 when the bytes start with a UTF-8 byte order mark, else 0.</summary>
    public static int LengthOfMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>Notes, or refuses, what is not UTF-8, with the position of the first bad byte.</summary>
    /// <exception cref="AnnotationFormatException">The text is in another encoding, or the notes are strict.</exception>
    public static void CheckUtf8(byte[] bytes, string name, ReadingNotes notes)
    {
        RefuseForeign(bytes, name);
        if (!Utf8.IsValid(bytes))
        {
            int offset = FirstBroken(bytes);
            notes.Add(ReadingNote.BrokenText, () => Error(bytes, name, offset, $"byte 0x{bytes[offset]:X2} is not UTF-8; convert the file to UTF-8"));
        }
    }

    /// <summary>Refuses a text in another encoding; damage in UTF-8 passes.</summary>
    /// <exception cref="AnnotationFormatException">It is one.</exception>
    public static void RefuseForeign(byte[] bytes, string name)
    {
        if (!Utf8.IsValid(bytes) && IsForeign(bytes))
        {
            int offset = FirstBroken(bytes);
            throw new AnnotationFormatException(name, LineOf(bytes, offset), $"byte {offset}: the text is not UTF-8, and nothing says for certain what it is; state its encoding (windows-1251, gb18030, big5, shift_jis, …) or convert it to UTF-8") { Remedy = Remedy.StateEncoding };
        }
    }

    /// <summary>
    /// Whether bytes are a text in another encoding, and not UTF-8 with characters that were cut: somewhere two broken
    /// pieces of characters stand side by side, and there are more of them than whole characters; or no character is whole
    /// and letters follow the ends of several, as in Big5.
    /// </summary>
    public static bool IsForeign(ReadOnlySpan<byte> bytes)
    {
        int whole = 0;
        int broken = 0;
        int brokenInARow = 0;
        int endsBeforeLetters = 0;
        bool touch = false;
        for (int at = 0; at < bytes.Length;)
        {
            if (bytes[at] < 0x80)
            {
                brokenInARow = 0;
                at++;
                continue;
            }

            bool isWhole = Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done;
            whole += isWhole ? 1 : 0;
            broken += isWhole ? 0 : 1;
            brokenInARow = isWhole ? 0 : brokenInARow + 1;
            at += isWhole ? length : LengthOfPiece(bytes[at..], length);
            touch |= brokenInARow > 1;
            endsBeforeLetters += !isWhole && at < bytes.Length && bytes[at] is >= (byte)'@' and < 0x7F && bytes[at - 1] < 0xC0 ? 1 : 0;
        }

        return (touch && broken > whole) || (whole == 0 && endsBeforeLetters > 1);
    }

    /// <summary>The text of a file in a stated encoding as UTF-8.</summary>
    /// <exception cref="AnnotationFormatException">Its bytes are not in that encoding; the message has the first such byte.</exception>
    public static byte[] FromStated(byte[] bytes, string name, Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            ReadOnlySpan<byte> mark = encoding.Preamble;
            return Encoding.UTF8.GetBytes(strict.GetString(mark.Length > 0 && bytes.AsSpan().StartsWith(mark) ? bytes.AsSpan(mark.Length) : bytes));
        }
        catch (DecoderFallbackException error)
        {
            throw Error(bytes, name, Math.Max(0, error.Index), $"this is not {encoding.WebName}, which was stated as the encoding", error);
        }
    }

    /// <summary>Whether the bytes start with a mark of UTF-16.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    /// <summary>Whether bytes without a mark are ASCII in UTF-16: every second byte of the start is zero.</summary>
    public static bool LooksLikeUtf16(ReadOnlySpan<byte> bytes)
    {
        const int Looked = 8;
        if (bytes.Length < Looked)
        {
            return false;
        }

        int even = 0;
        int odd = 0;
        for (int i = 0; i < Looked; i += 2)
        {
            even += bytes[i] == 0 ? 1 : 0;
            odd += bytes[i + 1] == 0 ? 1 : 0;
        }

        return Math.Max(even, odd) == Looked / 2 && Math.Min(even, odd) == 0;
    }

    /// <summary>The text of UTF-16 with a mark as UTF-8 without one.</summary>
    /// <exception cref="AnnotationFormatException">It has half a character; the message has its byte.</exception>
    public static byte[] FromUtf16(byte[] bytes, string name)
    {
        if (bytes is [0xFF, 0xFE, 0, 0, ..])
        {
            throw Error(bytes, name, 0, "this looks like UTF-32; convert the file to UTF-8");
        }

        try
        {
            string text = new UnicodeEncoding(bigEndian: bytes[0] == 0xFE, byteOrderMark: true, throwOnInvalidBytes: true).GetString(bytes, 2, bytes.Length - 2);
            return Encoding.UTF8.GetBytes(text);
        }
        catch (DecoderFallbackException error)
        {
            throw Error(bytes, name, 2 + Math.Max(0, error.Index), "this is not UTF-16, although the file starts with its mark; convert the file to UTF-8", error);
        }
    }

    /// <summary>An error at a byte of a text; <paramref name="place"/> is that byte in the file where the file holds another form of it.</summary>
    public static AnnotationFormatException Error(ReadOnlySpan<byte> bytes, string name, int offset, string problem, Exception? cause = null, int? place = null) =>
        new(name, LineOf(bytes, offset), $"byte {place ?? offset}: {problem}", cause);

    /// <summary>The offset at which the line with the given number (from 0) starts.</summary>
    public static int StartOfLine(ReadOnlySpan<byte> bytes, int origin, long line)
    {
        int offset = origin;
        for (; line > 0; line--)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset;
    }

    private static int FirstBroken(ReadOnlySpan<byte> bytes)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out int length) == OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, int offset) => 1 + bytes[..Math.Min(offset, bytes.Length)].Count((byte)'\n');

    // What is left of one character: its start, or up to three of the bytes that follow one.
    private static int LengthOfPiece(ReadOnlySpan<byte> bytes, int length)
    {
        const int MostThatFollow = 3;
        int following = 0;
        while (following < Math.Min(MostThatFollow, bytes.Length) && bytes[following] is >= 0x80 and < 0xC0)
        {
            following++;
        }

        return Math.Max(length, following);
    }
}
