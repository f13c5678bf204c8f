using System.Diagnostics;
using System.Globalization;
using Diarist.Formats;
using Diarist.Scoring;

namespace Diarist.Benchmarks;

/// <summary>Scores with thousands of speakers, and with tens of thousands of words of which half differ.</summary>
internal static class ScoringScaling
{
    private static readonly int[] Speakers = [1000, 2000, 4000, 8000];
    private static readonly int[] Words = [10_000, 20_000, 40_000];

    /// <summary>Prints a row for each measure.</summary>
    public static int Run()
    {
        Row("DER, speakers", Speakers, count => DiarizationErrorRate.Compute(Turns(count, "r"), Turns(count, "h")));
        Row("JER, speakers", Speakers, count => JaccardErrorRate.Compute(Turns(count, "r"), Turns(count, "h")));
        Row("cpWER, speakers of four words", [500, 1000, 2000], count => WordErrorRate.ComputeConcatenated(Said(4 * count, count, 1), Said(4 * count, count, 2)));
        Row("cpWER, words of 4 speakers", Words, count => WordErrorRate.ComputeConcatenated(Said(count, 4, 1), Said(count, 4, 2)));
        Row("WDER, words of 4 speakers", Words, count => WordDiarizationErrorRate.Compute(Said(count, 4, 1), Said(count, 4, 2)));
        Row("tcpWER, words of 4 speakers", Words, count => WordErrorRate.ComputeTimeConstrained(Said(count, 4, 1), Said(count, 4, 2)));
        return 0;
    }

    private static void Row(string name, int[] sizes, Action<int> score)
    {
        Console.WriteLine($"{name}: " + string.Join(", ", sizes.Select(size =>
        {
            var clock = Stopwatch.StartNew();
            score(size);
            return string.Create(CultureInfo.InvariantCulture, $"{size} in {clock.Elapsed.TotalSeconds:0.0} s");
        })));
    }

    // Each turn overlaps the next ten, and each speaker has two.
    private static Turn[] Turns(int speakers, string prefix) =>
        [.. Enumerable.Range(0, 2 * speakers).Select(i => new Turn(i, i + 10, Invariant($"{prefix}{i % speakers}")))];

    // Half of the words are drawn anew for the second list.
    private static Utterance[] Said(int words, int speakers, int seed)
    {
        var same = new Random(0);
        var own = new Random(seed);
        return [.. Enumerable.Range(0, words / 4).Select(i => new Utterance(i, i + 1, Invariant($"{(seed == 1 ? "r" : "h")}{i % speakers}"), string.Join(' ', Enumerable.Range(0, 4).Select(_ =>
        {
            int word = same.Next(3000);
            return Invariant($"w{(own.Next(2) == 0 ? word : own.Next(3000))}");
        }))))];
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
