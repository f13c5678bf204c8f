using System.Diagnostics;
using System.Globalization;
using System.Text;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Benchmarks;

/// <summary>
/// Reads, attributes and writes transcripts of 1, 2, 4 and 8 MB: ordinary files of each family, and texts made to trip
/// readers that search too far. Linear readers take about twice as long for twice as much.
/// </summary>
internal static class ReaderScaling
{
    private static readonly int[] Megabytes = [1, 2, 4, 8];

    private static readonly (string Name, string Head, Func<int, string> Item, string Tail)[] Files =
    [
        ("segments with words", "{\"segments\":[", i => Comma(i) + Invariant($"{{\"start\":{i},\"end\":{i + 0.9},\"text\":\"Yes, so it is.\",\"words\":[{{\"word\":\"Yes\",\"start\":{i},\"end\":{i + 0.2}}},{{\"word\":\"so\",\"start\":{i + 0.2},\"end\":{i + 0.4}}},{{\"word\":\"it\",\"start\":{i + 0.4},\"end\":{i + 0.5}}},{{\"word\":\"is\",\"start\":{i + 0.5},\"end\":{i + 0.8}}}]}}"), "]}"),
        ("one segment of words", "[", i => Comma(i) + Invariant($"{{\"word\":\"word{i % 7}\",\"start\":{i * 0.3},\"end\":{(i * 0.3) + 0.2}}}"), "]"),
        ("words that the text lacks", "{\"segments\":[{\"start\":0,\"end\":1000000,\"text\":\"" + new string('a', 200_000) + "\",\"words\":[", i => Comma(i) + Invariant($"{{\"word\":\"b{i}\",\"start\":{i * 0.3},\"end\":{(i * 0.3) + 0.2}}}"), "]}]}"),
        ("tokens without spaces", "[", i => Comma(i) + Invariant($"{{\"token\":\"a\",\"start\":{i * 0.1},\"end\":{(i * 0.1) + 0.1}}}"), "]"),
        ("texts without times", "", i => "{\"text\":\"nothing else\"}\n", ""),
        ("SubRip", "", i => Invariant($"{i + 1}\n{Clock(i, ',')} --> {Clock(i + 1, ',')}\n<i>so</i> it {{\\an8}}is\n\n"), ""),
        ("WebVTT", "WEBVTT\n\n", i => Invariant($"{Clock(i, '.')} --> {Clock(i + 1, '.')}\n<v Ann>so it &amp; is</v>\n\n"), ""),
        ("one cue of open voice tags", "WEBVTT\n\n00:01.000 --> 00:02.000\n", i => "<v ", ""),
        ("one cue of open tags", "WEBVTT\n\n00:01.000 --> 00:02.000\n", i => "<a", ">"),
        ("one cue of lines", "WEBVTT\n\n00:01.000 --> 00:02.000\n", i => "a\n\n", ""),
        ("speaker tokens", "", i => Invariant($"<|spltoken{i % 3}|><|t:{i}|> so it is <|t:{i + 1}|>"), ""),
        ("closing tokens", "<|spltoken0|> a ", i => "<|t:1|> ", "x"),
        ("MOSS", "", i => Invariant($"[{i}.0][S0{i % 3}] so it is[{i + 1}.0]"), ""),
        ("printed lines", "", i => Invariant($"[{Clock(i, '.')} --> {Clock(i + 1, '.')}]  so it is\n"), ""),
        ("pocketsphinx", "", i => Invariant($"so it\n<s> {i}.0 {i}.1 0.9\nso(2) {i}.1 {i}.2 0.5\n</s> {i}.3 {i}.4 0.9\n"), ""),
        ("CTM", "", i => Invariant($"m 1 {i}.0 0.5 so NA\n"), ""),
        ("STM", "", i => Invariant($"m 1 A {i}.0 {i}.5 so it is\n"), ""),
        ("Audacity labels", "", i => Invariant($"{i}.0\t{i}.5\tso it is\n"), ""),
        ("TSV", "start\tend\ttext\n", i => Invariant($"{i}000\t{i}500\tso it is\n"), ""),
        ("own text", "", i => Invariant($"[{i / 60}:{i % 60:00}] Ann: so it is\n"), ""),
    ];

    public static int Run()
    {
        Turn[] turns = [.. Enumerable.Range(0, 2000).Select(i => new Turn(i * 3, (i * 3) + 2.5, $"SPEAKER_{i % 4:00}"))];
        Console.WriteLine("| seconds of | 1 MB | 2 MB | 4 MB | 8 MB | 8 MB against 1 MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        bool linear = true;
        foreach (var (name, head, item, tail) in Files)
        {
            double[] seconds = [.. Megabytes.Select(size => Seconds(Make(head, item, tail, size), turns))];
            double ratio = seconds[^1] / Math.Max(seconds[0], 0.02);
            linear &= ratio < 16;
            Console.WriteLine(Invariant($"| {name} | {string.Join(" | ", seconds.Select(time => time.ToString("0.00", CultureInfo.InvariantCulture)))} | {ratio:0.0} |"));
        }

        return linear ? 0 : 1;
    }

    /// <summary>The same for one file of each dialect that the tests hold; run in the root of the repository.</summary>
    public static int RunDialects()
    {
        Turn[] turns = [.. Enumerable.Range(0, 2000).Select(i => new Turn(i * 3, (i * 3) + 2.5, $"SPEAKER_{i % 4:00}"))];
        Console.WriteLine("| seconds of | 1 MB | 2 MB | 4 MB | 8 MB | 8 MB against 1 MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        bool linear = true;
        foreach ((string name, byte[] bytes) in GrownFiles.All())
        {
            double[] seconds = new double[Megabytes.Length];
            string refused = "";
            for (int i = 0; i < seconds.Length; i++)
            {
                byte[] grown = GrownFiles.Grow(bytes, Megabytes[i] << 20);
                var clock = Stopwatch.StartNew();
                try
                {
                    seconds[i] = Seconds(grown, turns);
                }
                catch (InputException error)
                {
                    seconds[i] = clock.Elapsed.TotalSeconds;
                    refused = $" (refused: {error.Message[..Math.Min(error.Message.Length, 60)]}…)";
                }
            }

            double ratio = seconds[^1] / Math.Max(seconds[0], 0.02);
            linear &= ratio < 16;
            Console.WriteLine(Invariant($"| {name}{refused} | {string.Join(" | ", seconds.Select(time => time.ToString("0.00", CultureInfo.InvariantCulture)))} | {ratio:0.0} |"));
        }

        return linear ? 0 : 1;
    }

    private static double Seconds(byte[] bytes, Turn[] turns)
    {
        var clock = Stopwatch.StartNew();
        TranscriptDocument document = TranscriptDocument.Read(bytes, "made");
        TranscriptWriter.Write(TextWriter.Null, SpeakerAttribution.Assign(document.Transcript, turns), TranscriptFormat.Srt, "made");
        return clock.Elapsed.TotalSeconds;
    }

    private static byte[] Make(string head, Func<int, string> item, string tail, int megabytes)
    {
        var text = new StringBuilder(head);
        for (int i = 0; text.Length < megabytes << 20; i++)
        {
            text.Append(item(i));
        }

        return Encoding.UTF8.GetBytes(text.Append(tail).ToString());
    }

    private static string Comma(int i) => i == 0 ? "" : ",";

    private static string Clock(int i, char point) => Invariant($"{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}{point}000");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
