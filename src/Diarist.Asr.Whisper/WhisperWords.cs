using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Diarist.Transcripts;
using Whisper.net;

namespace Diarist.Asr.Whisper;

/// <summary>Words with times from a segment's tokens.</summary>
/// <param name="model">Has the tokens' bytes: one character may be spread over several tokens.</param>
internal sealed class WhisperWords(WhisperModelFile model)
{
    private const double SecondsPerTick = 0.01;

    // Written without spaces: each character is a word of its own, as in OpenAI's own word times.
    private static readonly string[] WithoutSpaces = ["zh", "ja", "th", "lo", "my", "yue"];

    /// <summary>The segment in the recording's time; <see langword="null"/> when it says nothing.</summary>
    /// <param name="segment">The segment, its times from the start of the piece.</param>
    /// <param name="piece">The piece in the recording, in seconds: no time leaves it.</param>
    /// <param name="notBefore">The end of what was said before, in seconds: no time is earlier.</param>
    public TranscriptSegment? Read(SegmentData segment, TimeRange piece, double notBefore)
    {
        double least = Math.Clamp(notBefore, piece.Start, piece.End);
        double start = Math.Clamp(piece.Start + segment.Start.TotalSeconds, least, piece.End);
        double end = Math.Clamp(piece.Start + segment.End.TotalSeconds, start, piece.End);
        List<Part> parts = Cut(segment);
        var words = new List<Word>(parts.Count);
        double[] starts = new double[parts.Count + 1];
        starts[^1] = end;
        for (int i = 0; i < parts.Count; i++)
        {
            starts[i] = Math.Clamp(piece.Start + (parts[i].Start * SecondsPerTick), i > 0 ? starts[i - 1] : start, end);
        }

        Spread(starts);

        for (int i = 0; i < parts.Count; i++)
        {
            // A word ends where the recognizer says, but not within the next one; where it says nothing of use, with the next one.
            double until = piece.Start + (parts[i].End * SecondsPerTick);
            until = until > starts[i] && until < starts[i + 1] ? until : starts[i + 1];
            string text = Encoding.UTF8.GetString([.. parts[i].Bytes]);
            if (text.Trim() is { Length: > 0 } word)
            {
                words.Add(new Word(word, new TimeRange(starts[i], until))
                {
                    Confidence = Math.Clamp(parts[i].Probability / parts[i].Tokens, 0, 1),
                    JoinsPrevious = words.Count > 0 && text[0] != ' ',
                });
            }
        }

        return words.Count == 0 ? null : new TranscriptSegment(segment.Text.Trim(), new TimeRange(start, end), words);
    }

    // Words that begin at the same time share the time to what follows; at the end of the segment, that from the word before.
    private static void Spread(double[] starts)
    {
        for (int next = starts.Length - 1; next > 0;)
        {
            int first = next - 1;
            while (first > 0 && (starts[first] >= starts[next] || starts[first - 1] >= starts[first]))
            {
                first--;
            }

            double from = starts[first];
            double step = (starts[next] - from) / (next - first);
            for (int i = first + 1; i < next; i++)
            {
                starts[i] = from + ((i - first) * step);
            }

            next = first;
        }
    }

    private List<Part> Cut(SegmentData segment)
    {
        bool spaces = !WithoutSpaces.Contains(segment.Language);
        var parts = new List<Part>();
        foreach (WhisperToken token in segment.Tokens)
        {
            ReadOnlySpan<byte> bytes = model.TextOf(token.Id);
            if (bytes.IsEmpty)
            {
                continue;
            }

            if (parts.Count == 0 || (spaces ? bytes[0] == ' ' : IsWhole(parts[^1].Bytes)))
            {
                // The time on the alignment path is −1 where there is none.
                parts.Add(new Part(token.DtwTimestamp >= 0 ? token.DtwTimestamp : token.Start));
            }

            parts[^1].Add(bytes, token);
        }

        return parts;
    }

    private static bool IsWhole(List<byte> bytes) => Utf8.IsValid(CollectionsMarshal.AsSpan(bytes));

    private sealed class Part(long start)
    {
        public List<byte> Bytes { get; } = [];

        public long Start => start;

        public long End { get; private set; }

        public double Probability { get; private set; }

        public int Tokens { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes, WhisperToken token)
        {
            Bytes.AddRange(bytes);
            End = token.End;
            Probability += token.Probability;
            Tokens++;
        }
    }
}
