using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Local speakers whom their window never hears alone where anybody is counted: who they are, only the vector over all their frames
/// can tell. Their vectors are kept for placing them after the grouping.
/// </summary>
internal sealed class LoneVoices
{
    private readonly Dictionary<(int Window, int Speaker), float[]> _vectors = [];

    /// <summary>The vector of a local speaker; <see langword="null"/> when no trunk frame was heard.</summary>
    public float[]? this[int window, int speaker] => _vectors.GetValueOrDefault((window, speaker));

    /// <summary>The number of vectors.</summary>
    public int Count => _vectors.Count;

    /// <summary>All vectors, in no particular order.</summary>
    public IEnumerable<float[]> Vectors => _vectors.Values;

    /// <summary>Keeps a vector.</summary>
    public void Add(int window, int speaker, float[] vector) => _vectors.Add((window, speaker), vector);

    /// <summary>The local speakers of a window that are active but never alone in a frame in which somebody is counted, as bits.</summary>
    /// <param name="masks">The window's frames.</param>
    /// <param name="counts">The number of speakers of the same frames; may be shorter at the end of a recording.</param>
    public static int Find(ReadOnlySpan<byte> masks, ReadOnlySpan<byte> counts)
    {
        int active = 0, alone = 0;
        for (int frame = 0; frame < Math.Min(masks.Length, counts.Length); frame++)
        {
            active |= masks[frame];
            alone |= BitOperations.IsPow2(masks[frame]) && counts[frame] > 0 ? masks[frame] : 0;
        }

        return active & ~alone;
    }
}
