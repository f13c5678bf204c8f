using System.Globalization;
using System.Text.RegularExpressions;

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
                words = words is null ? [] : throw source.Error(line, "an utterance begins before the last one has ended");
            }
            else if (words is not null && !match.Success)
            {
                throw source.Error(line, "a word with start, end and probability was expected");
            }
            else if (words is not null && match.Groups["word"].Value == "</s>")
            {
                if (words.Count > 0)
                {
                    segments.Add(TranscriptSegment.FromWords(words));
                }

                words = null;
            }
            else if (words is not null && !Filler().IsMatch(match.Groups["word"].Value))
            {
                words.Add(ReadWord(source, line, match));
            }
        }

        // Where the recording ends in the middle of speech the program closes no utterance.
        if (words is { Count: > 0 })
        {
            segments.Add(TranscriptSegment.FromWords(words));
        }

        return new Transcript(segments) { Dialect = "pocketsphinx" };
    }

    private static Word ReadWord(TextSource source, TextLine line, Match match)
    {
        var range = new TimeRange(Number(match.Groups["start"]), Number(match.Groups["end"]));
        return range.End >= range.Start
            ? new Word(Pronunciation().Replace(match.Groups["word"].Value, ""), range) { Confidence = Math.Clamp(Number(match.Groups["probability"]), 0, 1) }
            : throw source.Error(line, "the word ends before it starts");
    }

    private static double Number(Group group) => double.Parse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<word>\S+) (?<start>\d+\.\d+) (?<end>\d+\.\d+) (?<probability>\d+(\.\d+)?(e[-+]?\d+)?)$")]
    private static partial Regex Timing();

    [GeneratedRegex(@"^(<.*>|\[.*\]|\+\+.*\+\+)$")]
    private static partial Regex Filler();

    [GeneratedRegex(@"\(\d+\)$")]
    private static partial Regex Pronunciation();
}
