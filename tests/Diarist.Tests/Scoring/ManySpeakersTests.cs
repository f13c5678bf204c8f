using Diarist.Formats;
using Diarist.Numerics;
using Diarist.Scoring;

namespace Diarist.Tests.Scoring;

/// <summary>Thousands of speakers, as a faulty system or a hostile file names them. benchmarks measure the times; here the work must end.</summary>
public class ManySpeakersTests
{
    [Fact]
    public void A_sparse_assignment_is_as_good_as_the_full_matrix()
    {
        var random = new Random(1);
        for (int run = 0; run < 300; run++)
        {
            int rows = random.Next(1, 12);
            int columns = random.Next(1, 12);
            double[] weights = new double[rows * columns];
            var pairs = new List<(int Row, int Column, double Weight)>();
            for (int i = 0; i < weights.Length; i++)
            {
                if (random.NextDouble() < 0.4)
                {
                    weights[i] = random.Next(1, 20);
                    pairs.Add((i / columns, i % columns, weights[i]));
                }
            }

            int[] full = Assignment.Maximize(weights, rows, columns);
            int[] sparse = SparseAssignment.Maximize(pairs, rows, columns);
            double Sum(int[] mapping) => mapping.Select((column, row) => column < 0 ? 0 : weights[(row * columns) + column]).Sum();
            Assert.Equal(Sum(full), Sum(sparse));
            int[] taken = [.. sparse.Where(column => column >= 0)];
            Assert.Equal(taken.Length, taken.Distinct().Count());
        }
    }

    [Fact]
    public void More_speakers_than_can_be_paired_by_their_words_are_refused()
    {
        Utterance[] Said(int speakers) => [.. Enumerable.Range(0, speakers).Select(i => new Utterance(i, i + 1, $"s{i}", "word"))];
        string message = Assert.Throws<ArgumentException>(() => WordErrorRate.ComputeConcatenated(Said(4001), Said(1000))).Message;
        Assert.Contains("4001 speakers in the reference and 1000", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => WordErrorRate.ComputeTimeConstrained(Said(2000), Said(2001)));
    }

    [Theory]
    [InlineData(8000, 1.0)]
    [InlineData(1500, 1000.0)]
    public void Every_turn_may_have_a_speaker_of_its_own(int speakers, double seconds)
    {
        Turn[] reference = [.. Enumerable.Range(0, speakers).Select(i => new Turn(i, i + seconds, $"r{i}"))];
        Turn[] hypothesis = [.. Enumerable.Range(0, speakers).Select(i => new Turn(i, i + seconds, $"h{speakers - i}"))];
        Assert.Equal(0, DiarizationErrorRate.Compute(reference, hypothesis).Errors.Rate);
        Assert.Equal(0, JaccardErrorRate.Compute(reference, hypothesis).Rate);
    }
}
