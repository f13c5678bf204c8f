using Diarist.Inference.Kernels;

namespace Diarist.Tests.Support;

/// <summary>
/// Memory between two guards filled with NaN: whatever a kernel reads outside its buffer turns its results into NaN,
/// and whatever it writes outside destroys a guard.
/// </summary>
internal sealed unsafe class Guarded
{
    private const int Guard = 64;
    private const int Kept = 64;

    // A kernel gets a pointer, which keeps nothing alive: without this the collector could take a buffer during the call.
    [ThreadStatic]
    private static Queue<AlignedBuffer>? _recent;

    private readonly AlignedBuffer _memory;

    /// <summary>Makes a buffer of NaN; <paramref name="misalign"/> shifts it off its 64-byte boundary by that many values.</summary>
    public Guarded(int length, int misalign = 0)
    {
        _memory = AlignedBuffer.Allocate(length + (2 * Guard) + misalign);
        _memory.Span.Fill(float.NaN);
        Length = length;
        Pointer = _memory.Pointer + Guard + misalign;
        _recent ??= new Queue<AlignedBuffer>(Kept + 1);
        _recent.Enqueue(_memory);
        if (_recent.Count > Kept)
        {
            _recent.Dequeue();
        }
    }

    /// <summary>Makes a buffer of values.</summary>
    public Guarded(ReadOnlySpan<float> values, int misalign = 0)
        : this(values.Length, misalign) => values.CopyTo(Span);

    /// <summary>Values inside the guards.</summary>
    public int Length { get; }

    /// <summary>The first value.</summary>
    public float* Pointer { get; }

    /// <summary>What is inside the guards.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>Fails when a guard was written to.</summary>
    public void AssertGuardsIntact()
    {
        int before = (int)(Pointer - _memory.Pointer);
        for (int i = 0; i < _memory.Length; i++)
        {
            if (i < before || i >= before + Length)
            {
                Assert.True(float.IsNaN(_memory.Span[i]), $"value {i - before} outside a buffer of {Length} was written");
            }
        }
    }

    /// <summary>Uniform random values in [−1, 1).</summary>
    public static float[] Noise(int length, int seed)
    {
        Random random = new(seed);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return values;
    }
}
