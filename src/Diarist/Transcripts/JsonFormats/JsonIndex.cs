using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// A JSON text (one value, or several one after the other) as the byte offsets of its values in the original bytes, so
/// that what a dialect reads can be annotated in place without rewriting anything else.
/// </summary>
internal sealed class JsonIndex
{
    private const int DeepestNesting = 256;

    private readonly List<Node> _nodes = [];

    private JsonIndex(byte[] bytes, string name)
    {
        Bytes = bytes;
        Name = name;
    }

    /// <summary>The text as it came, a byte order mark included.</summary>
    public byte[] Bytes { get; }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>The values at the top, in order; at least one.</summary>
    public IReadOnlyList<JsonValue> Roots { get; private set; } = [];

    /// <summary>Indexes <paramref name="bytes"/>.</summary>
    /// <exception cref="AnnotationFormatException">They are not JSON in UTF-8; the message has line and byte.</exception>
    public static JsonIndex Parse(byte[] bytes, string name)
    {
        var index = new JsonIndex(bytes, name);
        Encodings.RequireUtf8(bytes, name);
        index.Read(Encodings.LengthOfMark(bytes));
        return index;
    }

    internal Node this[int node] => _nodes[node];

    /// <summary>An error at a byte of the file.</summary>
    public AnnotationFormatException Error(int offset, string problem, Exception? cause = null) =>
        Encodings.Error(Bytes, Name, offset, problem, cause);

    private void Read(int origin)
    {
        var options = new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = DeepestNesting };
        var reader = new Utf8JsonReader(Bytes.AsSpan(origin), options);
        var open = new Stack<int>();
        var roots = new List<JsonValue>();
        int nameStart = -1;
        try
        {
            while (reader.Read())
            {
                int start = origin + (int)reader.TokenStartIndex;
                int end = origin + (int)reader.BytesConsumed;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        nameStart = start;
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        int closed = open.Pop();
                        _nodes[closed] = _nodes[closed] with { End = end, Next = _nodes.Count };
                        continue;
                }

                if (open.Count == 0)
                {
                    roots.Add(new JsonValue(this, _nodes.Count));
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    open.Push(_nodes.Count);
                }

                _nodes.Add(new Node(reader.TokenType, start, end, nameStart, _nodes.Count + 1));
                nameStart = -1;
            }
        }
        catch (JsonException error)
        {
            int line = Encodings.StartOfLine(Bytes, origin, error.LineNumber ?? 0);
            throw Error(Math.Min(Bytes.Length, line + (int)(error.BytePositionInLine ?? 0)), Bare(error.Message), error);
        }

        Roots = roots.Count > 0 ? roots : throw Error(origin, "the file is empty: a transcript was expected");
    }

    /// <summary>The reader's sentence without the position that follows it: ours counts from the start of the file.</summary>
    private static string Bare(string message)
    {
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return message.Contains("depth", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"this JSON nests deeper than {DeepestNesting} levels, which no transcript does")
            : "this is not JSON: " + (position < 0 ? message : message[..position]).TrimEnd();
    }

    /// <summary>
    /// One value: its kind, its bytes [Start, End), the offset of its member name (−1 outside objects), and the index of
    /// the first node after it and everything in it.
    /// </summary>
    internal readonly record struct Node(JsonTokenType Kind, int Start, int End, int Name, int Next);
}

/// <summary>UTF-8, UTF-16, and positions in them.</summary>
internal static class Encodings
{
    /// <summary>3 when the bytes start with a UTF-8 byte order mark, else 0.</summary>
    public static int LengthOfMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>Refuses what is not UTF-8, with the position of the first bad byte.</summary>
    public static void RequireUtf8(ReadOnlySpan<byte> bytes, string name)
    {
        if (!Utf8.IsValid(bytes))
        {
            int offset = 0;
            while (Rune.DecodeFromUtf8(bytes[offset..], out _, out int length) == OperationStatus.Done)
            {
                offset += length;
            }

            throw Error(bytes, name, offset, $"byte 0x{bytes[offset]:X2} is not UTF-8; convert the file to UTF-8");
        }
    }

    /// <summary>Whether the bytes start with a mark of UTF-16.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

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
