using System.Text;
using System.Text.Unicode;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>One line of a text file.</summary>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Text">The line without its end.</param>
internal readonly record struct TextLine(int Offset, string Text)
{
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);
}

/// <summary>A text file, in UTF-8, in UTF-16 with its mark, or in Windows-1252, as lines that know their place.</summary>
internal sealed class TextSource
{
    private readonly byte[] _bytes;
    private readonly bool _isWindows1252;

    /// <exception cref="AnnotationFormatException">The bytes are neither UTF-8 nor UTF-16 with a mark, and the notes are strict.</exception>
    public TextSource(byte[] bytes, string name, ReadingNotes notes)
    {
        Name = name;
        Notes = notes;
        IsUtf16 = Encodings.IsUtf16(bytes);
        bytes = IsUtf16 ? Encodings.FromUtf16(bytes, name) : bytes;
        if (!notes.Strict && !Utf8.IsValid(bytes) && Windows1252.Is(bytes))
        {
            byte[] given = bytes;
            notes.Add(ReadingNote.OtherEncoding, () => Encodings.Error(given, name, given.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)0x7F), "this is not UTF-8"));
            bytes = Windows1252.ToUtf8(bytes);
            _isWindows1252 = true;
        }

        _bytes = bytes;
        Encodings.CheckUtf8(bytes, name, notes);
        var lines = new List<TextLine>();
        for (int start = Encodings.LengthOfMark(bytes); start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOfAny((byte)'\n', (byte)'\r');
            int end = length < 0 ? bytes.Length : start + length;
            lines.Add(Line(start, end));
            start = end + LengthOfLineEnd(bytes.AsSpan(end));
        }

        Lines = WithoutFence(lines);
    }

    public string Name { get; }

    /// <summary>What was put right while the text was read.</summary>
    public ReadingNotes Notes { get; }

    /// <summary>Whether the file is UTF-16; the bytes that errors name are the file's own.</summary>
    public bool IsUtf16 { get; }

    public IReadOnlyList<TextLine> Lines { get; }

    /// <summary>The whole text.</summary>
    public string Text => string.Join('\n', Lines.Select(line => line.Text));

    public AnnotationFormatException Error(TextLine line, string problem, Exception? cause = null) => Error(line.Offset, problem, cause);

    /// <summary>An error at the end of the file, where something was still expected.</summary>
    public AnnotationFormatException ErrorAtEnd(string problem) => Error(_bytes.Length, problem);

    /// <summary>Notes something about a line.</summary>
    public void Note(ReadingNote kind, TextLine line, string problem) => Notes.Add(kind, () => Error(line, problem));

    /// <summary>
    /// The interval between two times of a line. Null without a start; the start where the end is missing or lies before it.
    /// Negative times count as 0, times beyond the longest recording as absent, each with a note.
    /// </summary>
    public TimeRange? Range(TextLine line, double? start, double? end)
    {
        if (Usable(line, start) is not { } first)
        {
            return null;
        }

        double last = Usable(line, end) ?? first;
        return new TimeRange(first, Math.Max(first, last));
    }

    /// <summary>The lines between a fence of Markdown (<c>```srt</c>, <c>```</c>), where it stands around all of them.</summary>
    private static List<TextLine> WithoutFence(List<TextLine> lines)
    {
        TextLine[] said = [.. lines.Where(line => !line.IsBlank)];
        return said.Length > 2 && said[0].Text.StartsWith(JsonTolerance.Fence, StringComparison.Ordinal) && said[^1].Text.Trim() == JsonTolerance.Fence
            ? lines[(lines.IndexOf(said[0]) + 1)..lines.LastIndexOf(said[^1])] : lines;
    }

    /// <summary>LF, CR, CR LF, or CR CR LF: what comes of CR LF where a program turns each LF into CR LF once more.</summary>
    private static int LengthOfLineEnd(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\r\r\n"u8) ? 3 : bytes.StartsWith("\r\n"u8) ? 2 : 1;

    private double? Usable(TextLine line, double? time)
    {
        if (time is not { } seconds)
        {
            return null;
        }

        if (!(seconds <= AnnotationField.MaximumSeconds) || double.IsNegativeInfinity(seconds))
        {
            Note(ReadingNote.NotANumber, line, $"a time lies beyond {AnnotationField.MaximumSeconds:0} s");
            return null;
        }

        if (seconds < 0)
        {
            Note(ReadingNote.NegativeTime, line, "a time is negative");
        }

        return Math.Max(0, seconds);
    }

    private TextLine Line(int start, int end)
    {
        string text = Encoding.UTF8.GetString(_bytes, start, end - start);
        if (PlainText.HasControls(text))
        {
            Note(ReadingNote.BrokenText, new TextLine(start, text), "the line has control characters");
            text = PlainText.WithoutControls(text);
        }

        return new TextLine(start, text);
    }

    private AnnotationFormatException Error(int offset, string problem, Exception? cause = null) =>
        Encodings.Error(_bytes, Name, offset, problem, cause, place: PlaceOf(offset));

    /// <summary>The byte in the file that a byte of the text stands for.</summary>
    private int PlaceOf(int offset) =>
        IsUtf16 ? 2 + (2 * Encoding.UTF8.GetCharCount(_bytes, 0, offset))
        : _isWindows1252 ? Encoding.UTF8.GetCharCount(_bytes, 0, offset)
        : offset;
}
