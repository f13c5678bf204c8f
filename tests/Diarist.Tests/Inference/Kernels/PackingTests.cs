using System.Runtime.InteropServices;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

/// <summary>What lies between a file and the packed weights, against the plain definition.</summary>
[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class PackingTests
{
    // Below, at and beyond the number of places that are turned at once.
    [Theory]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(150)]
    public void Filters_stand_side_by_side_whatever_they_are_stored_as(int places)
    {
        const int outputs = 2 * FilterColumns.Outputs;
        var random = new Random(places);
        byte[] indices = new byte[outputs * places];
        random.NextBytes(indices);
        float[] table = [.. Enumerable.Range(0, StoredTensor.MaximumTable).Select(i => (float)(Half)((i - 100) / 64f))];
        float[] values = [.. indices.Select(index => table[index])];
        var tabled = new StoredTensor([outputs, places], ElementType.Table8, indices);
        Assert.True(tabled.Bind(table));
        byte[] halves = MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray();
        foreach (StoredTensor stored in (StoredTensor[])[tabled, StoredTensor.Of([outputs, places], values), new([outputs, places], ElementType.Float16, halves)])
        {
            using var filters = new FilterColumns(stored, places);
            for (int first = 0; first < outputs; first += FilterColumns.Outputs)
            {
                float* columns = filters.Of(first);
                for (int place = 0; place < places; place++)
                {
                    for (int output = 0; output < FilterColumns.Outputs; output++)
                    {
                        Assert.Equal(values[((first + output) * places) + place], columns[(place * FilterColumns.Outputs) + output]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Rounded_weights_are_packed_as_integers_are_for_every_set_of_instructions()
    {
        const int rows = 6, columns = 64;
        var random = new Random(3);
        float[] factors = [.. Enumerable.Range(0, columns).Select(i => i % 4 == 0 ? 1 : 500 * (random.NextSingle() + 0.1f))];
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => 100 * (random.NextSingle() - 0.5f))];

        // Halves go to the even neighbour.
        (values[0], values[4], values[columns], values[columns + 4]) = (0.5f, 1.5f, -0.5f, -1.5f);
        short[] integers = [.. values.Select((value, i) => (short)MathF.Round(value * factors[i % columns]))];
        Assert.Equal([0, 2, 0, -2], [integers[0], integers[4], integers[columns], integers[columns + 4]]);
        foreach (IntegerInstructions instructions in IntegerInstructionSets.Supported)
        {
            var expected = new PairMatrix(rows, columns, integers, instructions);
            PairMatrix actual = PairMatrix.Several(2, rows, columns, instructions)[1];
            for (int first = 0; first < columns; first += FilterColumns.Outputs)
            {
                float[] some = [.. Enumerable.Range(0, rows).SelectMany(row => values.AsSpan((row * columns) + first, FilterColumns.Outputs).ToArray())];
                fixed (float* source = some, by = factors)
                {
                    actual.PackRounded(first, FilterColumns.Outputs, source, by + first);
                }
            }

            Assert.Equal(new ReadOnlySpan<short>(expected.Panel(0), rows * columns), new ReadOnlySpan<short>(actual.Panel(0), rows * columns));
        }
    }
}
