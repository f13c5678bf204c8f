namespace Diarist.Inference;

/// <summary>The element types of GGUF that networks here read.</summary>
internal enum GgufType
{
    /// <summary>4 bytes a value.</summary>
    Float32 = 0,

    /// <summary>2 bytes a value.</summary>
    Float16 = 1,

    /// <summary>Blocks of 32 values: a float16 scale, then 32 signed bytes; value = scale · byte.</summary>
    Q8 = 8,
}

/// <summary>A tensor as it lies in a GGUF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">The extents, outermost first (the file has them the other way round).</param>
/// <param name="Type">How its elements are stored: a <see cref="GgufType"/>, or a number that is not read here.</param>
/// <param name="Offset">Its first byte in the file.</param>
internal sealed record GgufTensor(string Name, int[] Shape, GgufType Type, long Offset)
{
    /// <summary>Values of a Q8_0 block.</summary>
    public const int BlockValues = 32;

    /// <summary>Bytes of a Q8_0 block.</summary>
    public const int BlockBytes = 2 + BlockValues;

    /// <summary>The number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Whether the type is one that is read here.</summary>
    public bool IsKnown => Type is GgufType.Float32 or GgufType.Float16 or GgufType.Q8;

    /// <summary>The bytes that the tensor takes; of a known type only.</summary>
    public long ByteCount => Type switch
    {
        GgufType.Float32 => 4 * Count,
        GgufType.Float16 => 2 * Count,
        _ => Count / BlockValues * BlockBytes,
    };

    /// <summary>What the format calls the type.</summary>
    public string TypeName => Type switch
    {
        GgufType.Float32 => "F32",
        GgufType.Float16 => "F16",
        GgufType.Q8 => "Q8_0",
        _ => $"GGML type {(int)Type}",
    };
}
