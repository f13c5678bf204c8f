using System.Text;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts;

/// <summary>What Python's <c>print</c> writes of dictionaries, lists and segments, which people take for JSON.</summary>
internal static partial class PythonText
{
    private const int Looked = 256;

    /// <summary>Whether a file begins so.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => Start().IsMatch(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Looked)]));

    // {'segments': …, [{'start': …, Segment(id=1, …, [Segment(start=0.0, …
    [GeneratedRegex(@"^\uFEFF?\s*(\[\s*)?(\{\s*'\w+'\s*:|(Transcription)?(Segment|Word|Info)\(\w+=)")]
    private static partial Regex Start();
}
