using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// What <c>pocketsphinx_continuous -time yes</c> prints: per utterance its text, then a line per word with start, end and
/// probability, between <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>. Fillers such as <c>&lt;sil&gt;</c> and <c>[NOISE]</c> are no words, and
/// the number of a pronunciation (<c>on(2)</c>) is no part of one.
/// </summary>
internal static partial class PocketSphinxText
{
    public static bool IsStart(string line) => line.StartsWith("<s> ", StringComparison.Ordinal) && Timing().IsMatch(line);

    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        List<Word>? words = null;
        foreach (TextLine line in source.Lines)
        {
            Match match = Timing().Match(line.Text);
            if (IsStart(line.Text))
            {
                if (words is not null)
                {
                    source.Note(ReadingNote.UnplacedText, line, "an utterance begins before the last one has ended");
                    Add(segments, words);
                }

                words = [];
            }
            else if ((words is not null || line.Text.StartsWith("<s> ", StringComparison.Ordinal)) && !match.Success && !line.IsBlank && !Log().IsMatch(line.Text))
            {
                // The line of a word whose numbers are damaged: what has letters is kept without times.
                source.Note(ReadingNote.NotANumber, line, "a word with start, end and probability was expected");
                (words ??= []).AddRange(line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(part => part.Any(char.IsLetter) && !Filler().IsMatch(part)).Select(part => new Word(Bare(part))));
            }
            else if (words is not null && !match.Success && !line.IsBlank)
            {
                source.Note(ReadingNote.ProgramOutput, line, "the line has no times");
            }
            else if (words is not null && match.Success && match.Groups["word"].Value == "</s>")
            {
                Add(segments, words);
                words = null;
            }
            else if (match.Success && !Filler().IsMatch(match.Groups["word"].Value))
            {
                (words ??= []).Add(ReadWord(source, line, match));
            }
        }

        // Where the recording ends in the middle of speech the program closes no utterance.
        Add(segments, words ?? []);

        return new Transcript(segments) { Dialect = "pocketsphinx" };
    }

    private static void Add(List<TranscriptSegment> segments, List<Word> words)
    {
        if (words.Count > 0)
        {
            segments.Add(TranscriptSegment.FromWords(words));
        }
    }

    private static Word ReadWord(TextSource source, TextLine line, Match match)
    {
        double start = Number(match.Groups["start"]);
        double end = Number(match.Groups["end"]);
        if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, line, "the word ends before it starts");
        }

        return new Word(Bare(match.Groups["word"].Value), source.Range(line, start, end)) { Confidence = Math.Clamp(Number(match.Groups["probability"]), 0, 1) };
    }

    private static string Bare(string word) => Pronunciation().Replace(word, "") is { Length: > 0 } bare ? bare : word;

    private static double Number(Group group) => double.Parse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<word>\S+) (?<start>-?[0-9]+\.[0-9]+) (?<end>-?[0-9]+\.[0-9]+) (?<probability>[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?)$")]
    private static partial Regex Timing();

    [GeneratedRegex(@"^(<.*>|\[.*\]|\+\+.*\+\+)$")]
    private static partial Regex Filler();

    [GeneratedRegex(@"^(INFO|WARN|WARNING|ERROR|FATAL)\b")]
    private static partial Regex Log();

    [GeneratedRegex(@"\([0-9]+\)$")]
    private static partial Regex Pronunciation();
}
