using Diarist.Inference.Kernels;
using Diarist.Packs;

namespace Diarist.Benchmarks;

/// <summary>What the benchmarks of kernels share.</summary>
internal static class Kernels
{
    /// <summary>The lane widths of this processor, by name: parameters of benchmarks are public, lane widths are not.</summary>
    public static IEnumerable<string> Widths => LaneWidths.Supported.Select(width => width.ToString());

    /// <summary>Uniform values in [−1, 1), the same every time.</summary>
    public static AlignedBuffer Noise(int length)
    {
        Random random = new(1);
        AlignedBuffer buffer = AlignedBuffer.Allocate(length);
        foreach (ref float value in buffer.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return buffer;
    }

    /// <summary>The path of a pack's file, looked up as the tool does: the packs named by the nearest diarist.json.</summary>
    public static string PackFile(string id, string file) => PackStore.Open().Require(id).PathOf(file);
}
