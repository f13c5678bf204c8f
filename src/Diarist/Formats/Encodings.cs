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
    public static void CheckUtf8(byte[] bytes, string name, ReadingNotes notes)
    {
        if (!Utf8.IsValid(bytes))
        {
            int offset = 0;
            while (Rune.DecodeFromUtf8(bytes.AsSpan(offset), out _, out int length) == OperationStatus.Done)
            {
                offset += length;
            }

            notes.Add(ReadingNote.BrokenText, () => Error(bytes, name, offset, $"byte 0x{bytes[offset]:X2} is not UTF-8; convert the file to UTF-8"));
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
        new(name, 1 + bytes[..Math.Min(offset, bytes.Length)].Count((byte)'\n'), $"byte {place ?? offset}: {problem}", cause);

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
}
