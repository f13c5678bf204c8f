
namespace Diarist.Inference.Kernels;

/// <summary>
/// The filters of 32 outputs side by side, (places of a filter, 32), taken from a tensor (outputs, places) as a file stores it. Where
/// bytes stand for numbers, they are looked up on the way, and the tensor is never whole in float32.
/// </summary>
internal sealed unsafe class FilterColumns : IDisposable
{
    /// <summary>Outputs that are side by side: layers have multiples of it.</summary>
    public const int Outputs = 32;

    /// <summary>Places that are turned at once: what is written to lies in the first-level cache.</summary>
    private const int PlacesAtOnce = 64;

    private readonly StoredTensor _weights;
    private readonly AlignedBuffer? _widened;
    private readonly AlignedBuffer _columns;
    private readonly int _places;

    /// <summary>Takes the filters of a layer.</summary>
    /// <param name="weights">Shape (outputs, places).</param>
    /// <param name="places">Weights of a filter.</param>
    public FilterColumns(StoredTensor weights, int places)
    {
        (_weights, _places) = (weights, places);
        _columns = AlignedBuffer.Rent(places * Outputs);
        if (weights.Type != ElementType.Table8)
        {
            _widened = AlignedBuffer.Rent(weights.Length);
            weights.WidenTo(_widened.Span);
        }
    }

    /// <summary>The filters of 32 outputs, shape (places, 32); valid until the next call.</summary>
    /// <param name="firstOutput">The first of the outputs.</param>
    public float* Of(int firstOutput)
    {
        if (_widened is null)
        {
            LookUp(_weights.Bytes.Span.Slice(firstOutput * _places, Outputs * _places));
        }
        else
        {
            Turn(_widened.Pointer + ((nint)firstOutput * _places));
        }

        return _columns.Pointer;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _widened?.Dispose();
        _columns.Dispose();
    }

    private void LookUp(ReadOnlySpan<byte> stored)
    {
        Span<float> table = stackalloc float[StoredTensor.MaximumTable];
        _weights.CopyTable(table);
        fixed (float* values = table)
        fixed (byte* indices = stored)
        {
            for (int first = 0; first < _places; first += PlacesAtOnce)
            {
                int count = Math.Min(PlacesAtOnce, _places - first);
                for (int output = 0; output < Outputs; output++)
                {
                    byte* filter = indices + ((nint)output * _places) + first;
                    float* column = _columns.Pointer + ((nint)first * Outputs) + output;
                    for (int place = 0; place < count; place++)
                    {
                        column[place * Outputs] = values[filter[place]];
                    }
                }
            }
        }
    }

    private void Turn(float* filters)
    {
        for (int first = 0; first < _places; first += PlacesAtOnce)
        {
            int count = Math.Min(PlacesAtOnce, _places - first);
            for (int output = 0; output < Outputs; output++)
            {
                float* filter = filters + ((nint)output * _places) + first;
                float* column = _columns.Pointer + ((nint)first * Outputs) + output;
                for (int place = 0; place < count; place++)
                {
                    column[place * Outputs] = filter[place];
                }
            }
        }
    }
}
