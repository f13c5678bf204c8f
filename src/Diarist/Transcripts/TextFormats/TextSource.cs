using System.Text;
using Diarist.Transcripts.JsonFormats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>One line of a text file.</summary>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Text">The line without its end.</param>
internal readonly record struct TextLine(int Offset, string Text)
{
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);
}

/// <summary>A text file, in UTF-8 or in UTF-16 with its mark, as lines that know their place.</summary>
internal sealed class TextSource
{
    private readonly byte[] _bytes;

    /// <exception cref="AnnotationFormatException">The bytes are neither UTF-8 nor UTF-16 with a mark.</exception>
    public TextSource(byte[] bytes, string name)
    {
        IsUtf16 = Encodings.IsUtf16(bytes);
        bytes = IsUtf16 ? Encodings.FromUtf16(bytes, name) : bytes;
        _bytes = bytes;
        Name = name;
        Encodings.RequireUtf8(bytes, name);
        var lines = new List<TextLine>();
        for (int start = Encodings.LengthOfMark(bytes); start < bytes.Length;)
        {
            int end = bytes.AsSpan(start).IndexOf((byte)'\n');
            end = end < 0 ? bytes.Length : start + end;
            lines.Add(new TextLine(start, Encoding.UTF8.GetString(bytes, start, end - start).TrimEnd('\r')));
            start = end + 1;
        }

        Lines = lines;
    }

    public string Name { get; }

    /// <summary>Whether the file is UTF-16; the bytes that errors name are the file's own.</summary>
    public bool IsUtf16 { get; }

    public IReadOnlyList<TextLine> Lines { get; }

    /// <summary>The whole text.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes, Encodings.LengthOfMark(_bytes), _bytes.Length - Encodings.LengthOfMark(_bytes));

    public AnnotationFormatException Error(TextLine line, string problem) => Error(line.Offset, problem);

    /// <summary>An error at the end of the file, where something was still expected.</summary>
    public AnnotationFormatException ErrorAtEnd(string problem) => Error(_bytes.Length, problem);

    private AnnotationFormatException Error(int offset, string problem) =>
        Encodings.Error(_bytes, Name, offset, problem, place: IsUtf16 ? 2 + (2 * Encoding.UTF8.GetCharCount(_bytes, 0, offset)) : offset);
}
