using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>
/// Every fixture says the same seven words, every export the same nine. Whatever is done to what stands around them, a file is refused, or every word
/// that is still in it comes out, and no time comes out that is not in it.
/// </summary>
public partial class NothingIsLostTests
{
    private const int DefaultRuns = 200;

    /// <summary>DIARIST_PROPERTY_RUNS=5000 looks longer, and elsewhere.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("DIARIST_PROPERTY_RUNS"), CultureInfo.InvariantCulture, out int runs) ? runs : DefaultRuns;

    private static readonly string[] Words = ["good", "morning", "everyone", "hello", "how", "are", "you", "there", "very", "well", "thanks"];

    private static readonly string[] Inserted = ["\n", "\n\n", "  ", "1\n", "-", ">", "0", "9", ",", ":", "[", "]", "\"x\":1,", "NaN", "null", "\t", "\r", "<", "&", "00:00:01,000 --> 00:00:02,000\n"];

    private static readonly HashSet<string> OwnClock = ["google-python.json", "offset.lrc", "plain.ttml"];

    private static readonly string[] Spelt = ["sherpa-onnx.json", "sherpa-onnx-ctc.json", "wav2vec2-characters.json", "ctc-tokens.json", "whispercpp-full.json"];

    private static readonly string Exports = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Exports");

    public static TheoryData<string> All => [.. TranscriptFixtures.All.Where(name => name is not "long.TextGrid" and not "short.TextGrid")];

    // Not those whose times are sums of numbers in several units (Google's nanoseconds, an offset, TTML's frames).
    public static TheoryData<string> Exported => [.. Directory.EnumerateFiles(Exports).Select(path => Path.GetFileName(path)).Where(name => name != "README.md" && !OwnClock.Contains(name)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_damaged_file_is_refused_or_gives_every_word_and_no_other_time(string file) => Check(file, Encoding.UTF8.GetString(TranscriptFixtures.Bytes(file)));

    [Theory]
    [MemberData(nameof(Exported))]
    public void A_damaged_export_is_refused_or_gives_every_word_and_no_other_time(string file) => Check(file, File.ReadAllText(Path.Combine(Exports, file)));

    private static void Check(string file, string text)
    {
        int[] editable = Editable(text);
        var random = new Random(Runs == DefaultRuns ? 19 : Runs);
        int read = 0;
        for (int run = 0; run < Runs; run++)
        {
            string damaged = run == 0 ? text : Damage(text, editable, random);
            TranscriptDocument document;
            try
            {
                document = Read(damaged);
            }
            catch (AnnotationFormatException)
            {
                continue;
            }

            read++;
            string said = string.Join('\n', damaged.Split('\n', '\r').Where(line => !line.StartsWith(";;", StringComparison.Ordinal)));
            AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, T10);
            foreach (TranscriptFormat format in (TranscriptFormat[])[TranscriptFormat.Text, TranscriptFormat.Srt, TranscriptFormat.Csv, TranscriptFormat.Ctm, TranscriptFormat.SegLst])
            {
                // CTM writes the words as their units spell them, and a damaged unit is a damaged word.
                if (format == TranscriptFormat.Ctm && Spelt.Contains(file))
                {
                    continue;
                }

                string written = Write(attributed, format).ToLowerInvariant();
                foreach (string word in Words)
                {
                    Assert.True(written.Contains(word, StringComparison.Ordinal) || !said.Contains(word, StringComparison.OrdinalIgnoreCase), $"{format} of {file} lost \"{word}\" of\n{damaged}\nin\n{written}");
                }
            }

            double[] known = [.. Numbers(damaged)];
            foreach (double time in document.Transcript.Segments.SelectMany(segment => (TimeRange?[])[segment.Range, .. segment.Words.Select(word => word.Range)])
                .Where(range => range is not null).SelectMany(range => (double[])[range!.Value.Start, range.Value.End]))
            {
                Assert.True(time == 0 || known.Any(number => Math.Abs(number - time) < 1e-6), string.Create(CultureInfo.InvariantCulture, $"{file}: the time {time} is not in\n{damaged}"));
            }
        }

        Assert.InRange(read, 1, Runs);
    }

    /// <summary>The places that belong to none of the seven words.</summary>
    private static int[] Editable(string text)
    {
        bool[] spoken = new bool[text.Length];
        foreach (Match match in Spoken().Matches(text))
        {
            spoken.AsSpan(match.Index, match.Length).Fill(true);
        }

        return [.. Enumerable.Range(0, text.Length).Where(place => !spoken[place])];
    }

    private static string Damage(string text, int[] editable, Random random)
    {
        var damaged = new StringBuilder(text);
        for (int i = random.Next(1, 3); i > 0; i--)
        {
            int at = Math.Min(editable[random.Next(editable.Length)], damaged.Length - 1);
            switch (random.Next(3))
            {
                case 0 when Array.BinarySearch(editable, at) >= 0 && i == 1:
                    damaged.Remove(at, 1);
                    break;
                case 1 when Array.BinarySearch(editable, at) >= 0 && i == 1:
                    damaged[at] = "x0 \n\"{}[],.:-"[random.Next(13)];
                    break;
                default:
                    damaged.Insert(at, Inserted[random.Next(Inserted.Length)]);
                    i = 1;
                    break;
            }
        }

        return damaged.ToString();
    }

    /// <summary>
    /// Every number of a text, as seconds, milliseconds, ticks or frames, every clock time, and what the dialects with starts and
    /// durations, or starts alone, make of two of them.
    /// </summary>
    private static IEnumerable<double> Numbers(string text)
    {
        double[] plain =
        [
            .. Number().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).Where(number => number < 1e13),
            .. Clock().Matches(text).Select(match => match.Groups.Cast<Group>().Skip(1).Where(group => group.Success)
                .Aggregate(0.0, (sum, group) => (sum * 60) + double.Parse(string.Concat(group.Value.Where(character => !char.IsWhiteSpace(character))).Replace(',', '.'), CultureInfo.InvariantCulture))),
        ];
        plain = [.. plain.Concat(Minutes().Matches(text).Select(match => (60 * double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)) + double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))).Distinct()];
        foreach (double unit in (double[])[1, 100, 1000, 1e6, 1e7, 1e9, 50])
        {
            double[] scaled = [.. plain.Select(number => number / unit)];
            foreach (double number in scaled)
            {
                yield return number;
            }

            foreach (double start in scaled)
            {
                yield return start + 0.4;
                foreach (double length in scaled)
                {
                    yield return start + length;
                }
            }
        }
    }

    [GeneratedRegex("good|morning|everyone|hello|how|are|you|there|very|well|thanks", RegexOptions.IgnoreCase)]
    private static partial Regex Spoken();

    [GeneratedRegex(@"[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex("([0-9]+):([0-9]+)")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"(?:([0-9]+)[ \t]*:[ \t]*)?([0-9]+)[ \t]*:[ \t]*([0-9]+(?:[ \t]*[.,][ \t]*[0-9]+)?)")]
    private static partial Regex Clock();
}
