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

        var draft = new List<AttributedWord>();
        foreach (AttributedWord word in line.Words)
        {
            if (draft.Count > 0 && (!Fits(draft, word) || (WordText.EndsSentence(draft[^1].Word.Text) && Length(draft) > MostCharacters / 2)))
            {
                yield return Make(line, draft);
                draft = [];
            }

            draft.Add(word);
        }

        yield return draft.Count > 0 ? Make(line, draft) : line;
    }

    private static bool Fits(List<AttributedWord> draft, AttributedWord word) =>
        Length(draft) + 1 + word.Word.Text.Length <= MostCharacters
        && word.Word.Range!.Value.End - draft[0].Word.Range!.Value.Start <= MostSeconds
        && word.Word.Range!.Value.Start - draft[^1].Word.Range!.Value.End <= LongPause;

    private static int Length(List<AttributedWord> draft) => draft.Sum(word => word.Word.Text.Length + 1) - 1;

    private static SpeakerLine Make(SpeakerLine line, List<AttributedWord> words) => line with
    {
        Range = WordText.Span(words.Select(word => word.Word)) ?? line.Range,
        Text = WordText.Join(words.Select(word => word.Word)),
        Words = words,
    };
}
