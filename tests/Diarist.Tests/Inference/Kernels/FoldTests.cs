using Diarist.Inference.Kernels;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class FoldTests
{
    [Fact]
    public void Sums_and_differences_are_right_for_every_length_and_nothing_else_is_touched()
    {
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            for (int count = 0; count <= 70; count++)
            {
                float[] x = Guarded.Noise(count, 1), y = Guarded.Noise(count, 2);
                Guarded forward = new(x, misalign: 1), backward = new(y, misalign: 3), sums = new(count), differences = new(count);
                width.Run(new Fold(forward.Pointer, backward.Pointer, sums.Pointer, differences.Pointer, count));
                sums.AssertGuardsIntact();
                differences.AssertGuardsIntact();
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal(x[i] + y[i], sums.Span[i]);
                    Assert.Equal(x[i] - y[i], differences.Span[i]);
                }
            }
        }
    }
}
