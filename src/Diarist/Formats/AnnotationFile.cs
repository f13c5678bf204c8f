using System.Text;
using System.Text.Unicode;

namespace Diarist.Formats;

/// <summary>A file of turns, utterances or regions, read and recognized.</summary>
/// <param name="Path">The file as the user named it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Format">Its format; null when it has none of them.</param>
internal sealed record AnnotationFile(string Path, string Text, AnnotationFormat? Format)
{
    /// <summary>The name of the file without folder and extension.</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Whether the file says nothing; such a file is a recording without speech.</summary>
    public bool IsBlank => Format is null && AnnotationSniffer.IsBlank(Text);

    /// <summary>The error that the file has none of the formats.</summary>
    public AnnotationFormatException Unrecognized =>
        new(Path, AnnotationLine.ReadAll(new StringReader(Text), Path).FirstOrDefault(new AnnotationLine(Path, 1, "")).Number,
            Text.TrimStart().StartsWith('{')
                ? $"this JSON is not SegLST (an array) and its schema is not \"{DiarizationJson.Schema}\"; a recognizer's transcript does not say who speaks"
                : "this is not RTTM, STM, CTM, UEM, SegLST or Diarist's JSON");

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is not UTF-8 text.</exception>
    public static AnnotationFile Load(string path)
    {
        byte[] bytes = ReadAllBytes(path);
        if (OtherFile.Describe(bytes) is { } other)
        {
            throw new AnnotationFormatException(path, 1, $"this holds no turns but is {other}");
        }

        string text = Decode(bytes)
            ?? throw new AnnotationFormatException(path, LineOfInvalidByte(bytes), "this is not UTF-8 text; convert the file to UTF-8");
        return new AnnotationFile(path, text, AnnotationSniffer.Detect(text));
    }

    /// <summary>
    /// The files of a folder, in the order of their names, without its subfolders, hidden files and what is not text (audio beside its RTTM).
    /// </summary>
    public static IEnumerable<AnnotationFile> LoadFolder(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(path => !System.IO.Path.GetFileName(path).StartsWith('.') && LooksLikeText(path))
            .Order(StringComparer.Ordinal)
            .Select(Load);

    private static byte[] ReadAllBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", error);
        }
    }

    private static string? Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            Encoding utf16 = bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode;
            return utf16.GetString(bytes.AsSpan(2));
        }

        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static int LineOfInvalidByte(byte[] bytes)
    {
        int line = 1;
        ReadOnlySpan<byte> rest = bytes;
        while (Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            rest = rest[length..];
        }

        return line;
    }

    private static bool LooksLikeText(string path)
    {
        Span<byte> start = stackalloc byte[4096];
        using FileStream file = File.OpenRead(path);
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || !start.Contains((byte)0);
    }
}
