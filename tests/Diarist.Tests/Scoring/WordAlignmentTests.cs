using System.Diagnostics;
using Diarist.Scoring;
using Diarist.Tests.Reference;

namespace Diarist.Tests.Scoring;

public class WordAlignmentTests
{
    [Fact]
    public void The_bit_parallel_distance_is_the_matrix_s_for_all_lengths_about_a_block()
    {
        var random = new Random(3);
        foreach (int length in new[] { 0, 1, 2, 7, 62, 63, 64, 65, 127, 128, 129, 200 })
        {
            foreach (int other in new[] { 0, 1, 30, 63, 64, 65, 128, 130 })
            {
                int[] reference = Words(random, length, 4);
                int[] hypothesis = Words(random, other, 4);
                Assert.Equal(LevenshteinMatrix.Compute(reference, hypothesis, (_, _) => true).Errors, EditDistance.Compute(reference, hypothesis));
            }
        }
    }

    [Fact]
    public void The_bit_parallel_distance_is_the_matrix_s_for_sequences_that_are_alike()
    {
        var random = new Random(4);
        for (int run = 0; run < 100; run++)
        {
            int[] reference = Words(random, random.Next(150), 30);
            int[] hypothesis = Damaged(random, reference, 0.2);
            Assert.Equal(LevenshteinMatrix.Compute(reference, hypothesis, (_, _) => true).Errors, EditDistance.Compute(reference, hypothesis));
        }
    }

    [Fact]
    public void Errors_in_the_band_are_counted_as_in_the_whole_matrix()
    {
        var random = new Random(5);
        for (int run = 0; run < 300; run++)
        {
            int[] reference = Words(random, random.Next(40), 5);
            int[] hypothesis = run % 2 == 0 ? Words(random, random.Next(40), 5) : Damaged(random, reference, 0.3);
            (int errors, int substitutions) = LevenshteinMatrix.Compute(reference, hypothesis, (_, _) => true);
            WordErrors counted = WordAlignment.Count(reference, hypothesis);
            Assert.Equal((errors, substitutions), (counted.Errors, counted.Substitutions));
            Assert.Equal(hypothesis.Length - reference.Length, counted.Insertions - counted.Deletions);
        }
    }

    [Fact]
    public void The_corridor_holds_every_best_alignment_so_the_pairs_are_those_of_the_whole_matrix()
    {
        var random = new Random(8);
        for (int run = 0; run < 300; run++)
        {
            int[] reference = Words(random, random.Next(220), 2 + (run % 20));
            int[] hypothesis = run % 2 == 0 ? Words(random, random.Next(220), 2 + (run % 20)) : Damaged(random, reference, 0.4);
            long[] truth = [.. reference.Select((_, i) => (long)((100 * i) + random.Next(300)))];
            long[] claim = [.. hypothesis.Select((_, i) => (long)((100 * i) + random.Next(300)))];
            Assert.Equal(
                WordAlignment.Pairs(reference, hypothesis, new NearestInTime<WholeMatrix>(new WholeMatrix(hypothesis.Length), truth, claim)),
                WordAlignment.Pairs(reference, hypothesis, truth, claim));
        }
    }

    /// <summary>Two transcripts of half a day that have little in common; the time is a benchmark, here the work must end.</summary>
    [Fact]
    public void Forty_thousand_words_that_differ_are_aligned()
    {
        var random = new Random(9);
        int[] reference = Words(random, 40_000, 3000);
        int[] hypothesis = Words(random, 40_000, 3000);
        long[] times = [.. Enumerable.Range(0, 40_000).Select(i => 400L * i)];
        var watch = Stopwatch.StartNew();
        long before = GC.GetTotalAllocatedBytes();
        List<(int Reference, int Hypothesis)> pairs = WordAlignment.Pairs(reference, hypothesis, times, times);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:0.00} s, {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated");
        Assert.InRange(pairs.Count, 20_000, 40_000);
    }

    [Fact]
    public void Errors_under_times_are_counted_as_in_the_whole_matrix()
    {
        var random = new Random(6);
        for (int run = 0; run < 300; run++)
        {
            int[] reference = Words(random, random.Next(30), 4);
            int[] hypothesis = Words(random, random.Next(30), 4);

            // Nearly in order of time, as overlapping utterances of one speaker are.
            Interval[] truth = Times(random, reference.Length);
            Interval[] claim = Times(random, hypothesis.Length);
            (int errors, int substitutions) = LevenshteinMatrix.Compute(
                reference, hypothesis, (i, j) => truth[i].Start < claim[j].End && claim[j].Start < truth[i].End);
            WordErrors counted = WordAlignment.Count(reference, hypothesis, new TimeOverlap(truth, claim));
            Assert.Equal((errors, substitutions), (counted.Errors, counted.Substitutions));
        }
    }

    [Fact]
    public void Pairs_are_those_of_an_alignment_with_the_counted_errors()
    {
        var random = new Random(7);
        for (int run = 0; run < 200; run++)
        {
            int[] reference = Words(random, random.Next(60), 6);
            int[] hypothesis = run % 2 == 0 ? Words(random, random.Next(60), 6) : Damaged(random, reference, 0.3);
            List<(int Reference, int Hypothesis)> pairs = WordAlignment.Pairs(reference, hypothesis, [], []);
            pairs.Reverse();
            Assert.All(pairs.Zip(pairs.Skip(1)), step => Assert.True(step.First.Reference < step.Second.Reference && step.First.Hypothesis < step.Second.Hypothesis));
            WordErrors counted = WordAlignment.Count(reference, hypothesis);
            Assert.Equal(counted.Substitutions, pairs.Count(pair => reference[pair.Reference] != hypothesis[pair.Hypothesis]));
            Assert.Equal(counted.Deletions, reference.Length - pairs.Count);
            Assert.Equal(counted.Insertions, hypothesis.Length - pairs.Count);
        }
    }

    [Fact]
    public void Pairs_of_timed_words_are_the_nearest_of_the_alignments_with_the_fewest_errors()
    {
        var random = new Random(9);
        for (int run = 0; run < 200; run++)
        {
            int[] reference = Words(random, random.Next(40), 5);
            int[] hypothesis = run % 2 == 0 ? Words(random, random.Next(40), 5) : Damaged(random, reference, 0.4);
            long[] truth = [.. Times(random, reference.Length).Select(time => time.Start)];
            long[] claim = [.. Times(random, hypothesis.Length).Select(time => time.Start)];
            List<(int Reference, int Hypothesis)> pairs = WordAlignment.Pairs(reference, hypothesis, truth, claim);
            long distance = pairs.Sum(pair => Math.Abs(truth[pair.Reference] - claim[pair.Hypothesis]));
            int substitutions = pairs.Count(pair => reference[pair.Reference] != hypothesis[pair.Hypothesis]);
            int errors = reference.Length + hypothesis.Length - (2 * pairs.Count) + substitutions;
            (int Errors, long Distance, int Substitutions) best = LevenshteinMatrix.Nearest(
                reference, hypothesis, reference.Length > 0 && hypothesis.Length > 0 ? (i, j) => Math.Abs(truth[i] - claim[j]) : (_, _) => 0);
            Assert.Equal(best, (errors, distance, substitutions));
        }
    }

    [Fact]
    public void An_hour_of_words_is_aligned_in_moments()
    {
        var random = new Random(8);
        int[] reference = Words(random, 10_000, 2000);
        int[] hypothesis = Damaged(random, reference, 0.15);
        var watch = Stopwatch.StartNew();
        WordErrors errors = WordAlignment.Count(reference, hypothesis);
        long[] truth = [.. Enumerable.Range(0, reference.Length).Select(i => 400L * i)];
        long[] claim = [.. Enumerable.Range(0, hypothesis.Length).Select(i => 410L * i)];
        int pairs = WordAlignment.Pairs(reference, hypothesis, truth, claim).Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{errors}, {pairs} pairs: {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    private static int[] Words(Random random, int length, int vocabulary) => [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];

    private static int[] Damaged(Random random, int[] words, double share) =>
    [
        .. words.SelectMany(word => random.NextDouble() >= share ? [word] : random.Next(3) switch
        {
            0 => new[] { word, random.Next(100) },
            1 => [random.Next(100)],
            _ => Array.Empty<int>(),
        }),
    ];

    private static Interval[] Times(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            int start = (i * 10) + random.Next(-25, 25);
            return new Interval(start, start + random.Next(0, 30));
        }),
    ];

    private readonly struct WholeMatrix(int hypothesisLength) : IPairingRule
    {
        public (int From, int To) Window(int reference) => (0, hypothesisLength);

        public bool Allows(int reference, int hypothesis) => true;
    }
}
