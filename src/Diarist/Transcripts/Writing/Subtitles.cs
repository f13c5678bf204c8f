using Diarist.Attribution;

namespace Diarist.Transcripts.Writing;

/// <summary>Cuts long lines into readable subtitles where the times of their words allow it.</summary>
internal static class Subtitles
{
    // Two rows of 42 characters and seven seconds are what broadcasters' guidelines allow a subtitle.
    private const int MostCharacters = 84;
    private const double MostSeconds = 7;
    private const double LongPause = 1.5;

    public static IEnumerable<SpeakerLine> From(IEnumerable<SpeakerLine> lines) => lines.SelectMany(Cut);

    private static IEnumerable<SpeakerLine> Cut(SpeakerLine line)
    {
        if ((line.Text.Length <= MostCharacters && line.Range.Duration <= MostSeconds) || line.Words.Any(word => word.Word.Range is null))
        {
            yield return line;
            yield break;
        }

        int first = 0;
        for (int i = 1; i < line.Words.Count; i++)
        {
            if (!Fits(line, first, i) || (WordText.EndsSentence(line.Pieces[i - 1].Trim()) && Length(line, first, i) > MostCharacters / 2))
            {
                yield return line.Part(first, i);
                first = i;
            }
        }

        yield return first == 0 ? line : line.Part(first, line.Words.Count);
    }

    /// <summary>Whether word <paramref name="next"/> may join those from <paramref name="first"/> on.</summary>
    private static bool Fits(SpeakerLine line, int first, int next) =>
        Length(line, first, next + 1) <= MostCharacters
        && line.Words[next].Word.Range!.Value.End - line.Words[first].Word.Range!.Value.Start <= MostSeconds
        && line.Words[next].Word.Range!.Value.Start - line.Words[next - 1].Word.Range!.Value.End <= LongPause;

    private static int Length(SpeakerLine line, int first, int end)
    {
        int length = 0;
        for (int i = first; i < end; i++)
        {
            length += line.Pieces[i].Length;
        }

        return length - (line.Pieces[end - 1].EndsWith(' ') ? 1 : 0);
    }
}
