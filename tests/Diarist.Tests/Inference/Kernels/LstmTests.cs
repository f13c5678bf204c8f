using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class LstmTests(ITestOutputHelper output)
{
    private const int Inputs = 20, Hidden = 32, OutputStride = 40;

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 0, 3, 1, 2 })]
    public void Sequences_in_step_equal_the_textbook_recurrence_one_by_one(int[] gates)
    {
        double[][] w = Weights(4 * Hidden, Inputs, 1, 1), r = Weights(4 * Hidden, Hidden, 2, 0.7);
        double[] bias = Weights(1, 4 * Hidden, 3, 1)[0];
        double worst = 0;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            Lstm lstm = new(Inputs, Hidden, gates, Flatten(w), Flatten(r), Flatten([bias]), new float[4 * Hidden], width);
            foreach ((int steps, int sequences) in new[] { (0, 1), (1, 1), (7, 1), (100, 1), (5, 4), (31, 13), (3, 100) })
            {
                float[] input = Guarded.Noise(steps * sequences * Inputs, 4);
                foreach (bool backward in new[] { false, true })
                {
                    Guarded source = new(input), result = new(steps == 0 ? 0 : (((steps * sequences) - 1) * OutputStride) + Hidden);
                    lstm.Run(source.Pointer, Inputs, steps, sequences, backward, result.Pointer, OutputStride, CancellationToken.None);
                    result.AssertGuardsIntact();
                    for (int sequence = 0; sequence < sequences; sequence++)
                    {
                        double[][] x = [.. Enumerable.Range(0, steps).Select(step => Enumerable.Range(0, Inputs).Select(i => (double)input[(((step * sequences) + sequence) * Inputs) + i]).ToArray())];
                        double[][] expected = SlowLstm.Run(x, backward, gates, w, r, bias);
                        for (int step = 0; step < steps; step++)
                        {
                            for (int unit = 0; unit < Hidden; unit++)
                            {
                                double error = Math.Abs(expected[step][unit] - result.Span[(((step * sequences) + sequence) * OutputStride) + unit]);
                                Assert.False(double.IsNaN(error));
                                worst = Math.Max(worst, error);
                            }
                        }
                    }
                }
            }
        }

        output.WriteLine($"max error {worst:e2}");
        Assert.True(worst < 2e-6, $"max error {worst}");
    }

    [Fact]
    public void Saturated_gates_stay_finite()
    {
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (float sum in new[] { -1e6f, 1e6f, 0 })
            {
                Guarded gates = new(4 * 16), cell = new(16), h = new(16);
                gates.Span.Fill(sum);
                cell.Span.Fill(500);
                width.Run(new LstmCell(gates.Pointer, 64, cell.Pointer, h.Pointer, 16, 1, 16));
                double expected = (SlowLstm.Sigmoid(sum) * 500) + (SlowLstm.Sigmoid(sum) * Math.Tanh(sum));
                Assert.All(cell.Span.ToArray(), value => Assert.Equal(expected, value, 1e-3));
                Assert.All(h.Span.ToArray(), value => Assert.Equal(SlowLstm.Sigmoid(sum) * Math.Tanh(expected), value, 1e-6));
            }
        }
    }

    [Fact]
    public void Units_must_fill_the_widest_vector() =>
        Assert.Throws<ArgumentException>(() => new Lstm(1, 24, [0, 1, 2, 3], new float[96], new float[96 * 24], new float[96], new float[96]));

    private static float[] Flatten(double[][] rows) => [.. rows.SelectMany(row => row).Select(value => (float)value)];

    private static double[][] Weights(int rows, int columns, int seed, double scale)
    {
        float[] noise = Guarded.Noise(rows * columns, seed);
        return [.. Enumerable.Range(0, rows).Select(row => Array.ConvertAll(noise[(row * columns)..((row + 1) * columns)], value => (double)(float)(value * scale)))];
    }
}
