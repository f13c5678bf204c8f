using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>The weights of a layer normalization where the kernels want them.</summary>
internal sealed unsafe class Normalization
{
    private readonly AlignedBuffer _weight;
    private readonly AlignedBuffer _bias;

    /// <summary>Takes the weights and biases, one each a value.</summary>
    public Normalization(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        _weight = AlignedBuffer.Allocate(weight.Length);
        _bias = AlignedBuffer.Allocate(bias.Length);
        weight.CopyTo(_weight.Span);
        bias.CopyTo(_bias.Span);
    }

    /// <summary>Normalizes rows in place.</summary>
    public void Apply<V>(float* x, int rows)
        where V : unmanaged, ILanes<V> => Apply<V>(x, rows, x, _weight.Length);

    /// <summary>Normalizes rows into <paramref name="result"/>, whose rows lie <paramref name="resultStride"/> values apart.</summary>
    public void Apply<V>(float* x, int rows, float* result, int resultStride)
        where V : unmanaged, ILanes<V>
    {
        LayerNorm.Apply<V>(x, rows, _weight.Length, _weight.Pointer, _bias.Pointer, result, resultStride);
        GC.KeepAlive(this);
    }
}
