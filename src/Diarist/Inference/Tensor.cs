namespace Diarist.Inference;

/// <summary>A named array of a network, in row-major order.</summary>
/// <typeparam name="T"><see cref="float"/> (narrower floats come widened) or <see cref="long"/>.</typeparam>
internal sealed class Tensor<T>(string name, int[] shape, T[] data)
    where T : unmanaged
{
    /// <summary>The name that the file gives it.</summary>
    public string Name { get; } = name;

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>The values; as many as the product of <see cref="Shape"/>.</summary>
    public T[] Data { get; } = data;
}

/// <summary>How a file stores the elements of a tensor.</summary>
internal enum ElementType
{
    Float32,
    Float16,
    BFloat16,
    Int64,

    /// <summary>One byte a number, which stands for one of the numbers of a table.</summary>
    Table8,
}
