using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Diarist.Inference;

/// <summary>
/// Floating-point numbers as a file stores them: float32, float16, bfloat16, or one byte a number with a table of the at most
/// 256 numbers that the bytes stand for. They are widened to float32 tensor by tensor, when a network asks for one, so that
/// its weights are in memory as stored and as packed for the kernels, and only one tensor at a time in between.
/// </summary>
/// <param name="shape">The extents, outermost first.</param>
/// <param name="type">How the elements are stored.</param>
/// <param name="bytes">The elements, little-endian, as many as <paramref name="shape"/> needs.</param>
internal sealed class StoredTensor(int[] shape, ElementType type, ReadOnlyMemory<byte> bytes)
{
    /// <summary>The numbers that a byte can stand for at most.</summary>
    public const int MaximumTable = 256;

    private float[] _table = [];

    /// <summary>A tensor of float32 from numbers.</summary>
    /// <param name="shape">The extents, outermost first.</param>
    /// <param name="values">As many as the extents need.</param>
    public static StoredTensor Of(int[] shape, ReadOnlySpan<float> values) => new(shape, ElementType.Float32, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>How the elements are stored.</summary>
    public ElementType Type { get; } = type;

    /// <summary>The elements as stored, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>The numbers that bytes stand for; empty unless <see cref="Type"/> is <see cref="ElementType.Table8"/>.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <summary>The number of elements.</summary>
    public int Length => Bytes.Length / SizeOf(Type);

    /// <summary>The bytes of one element.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Float32 => 4,
        ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int64 => 8,
        _ => 1,
    };

    /// <summary>Some of the elements, in the same memory, as a tensor of one extent.</summary>
    /// <param name="first">The first element.</param>
    /// <param name="count">How many.</param>
    public StoredTensor Slice(int first, int count)
    {
        int size = SizeOf(Type);
        return new StoredTensor([count], Type, Bytes.Slice(first * size, count * size)) { _table = _table };
    }

    /// <summary>Says what the bytes stand for.</summary>
    /// <param name="table">1 to 256 numbers.</param>
    /// <returns>Whether each byte stands for one of them.</returns>
    public bool Bind(ReadOnlySpan<float> table)
    {
        _table = table.ToArray();
        return table.Length == MaximumTable || !Bytes.Span.ContainsAnyInRange((byte)table.Length, byte.MaxValue);
    }

    /// <summary>The elements as float32, exactly, in an array of their own.</summary>
    public float[] Widened()
    {
        float[] values = GC.AllocateUninitializedArray<float>(Length);
        WidenTo(values);
        return values;
    }

    /// <summary>The elements as float32, exactly.</summary>
    /// <param name="values">Receives <see cref="Length"/> values.</param>
    public void WidenTo(Span<float> values)
    {
        ReadOnlySpan<byte> stored = Bytes.Span;
        switch (Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(values);
                break;
            case ElementType.Float16:
                WidenHalves(MemoryMarshal.Cast<byte, ushort>(stored), values);
                break;
            case ElementType.BFloat16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(stored);
                for (int i = 0; i < halves.Length; i++)
                {
                    values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                }

                break;
            case ElementType.Table8:
                LookUp(stored, values);
                break;
            default:
                throw new InvalidOperationException($"Elements of {Type} are not floating-point numbers.");
        }
    }

    /// <summary>The numbers that bytes stand for, then NaN up to a whole table: no byte needs to be compared with its length.</summary>
    /// <param name="whole">Receives <see cref="MaximumTable"/> numbers.</param>
    public void CopyTable(Span<float> whole)
    {
        whole.Fill(float.NaN);
        _table.CopyTo(whole);
    }

    /// <summary>Half precision to float32, exactly: the exponents are 112 apart, and scaling by a power of two also normalizes what was subnormal.</summary>
    /// <remarks>In vectors of 128 bits, by operations that are instructions everywhere: such code can be compiled ahead of time, and wider vectors cannot.</remarks>
    private static void WidenHalves(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        ref ushort from = ref MemoryMarshal.GetReference(halves);
        ref float to = ref MemoryMarshal.GetReference(values[..halves.Length]);
        int i = 0;
        for (; i <= halves.Length - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
        {
            Vector128<ushort> eight = Vector128.LoadUnsafe(ref from, (nuint)i);
            Widen(Vector128.WidenLower(eight)).StoreUnsafe(ref to, (nuint)i);
            Widen(Vector128.WidenUpper(eight)).StoreUnsafe(ref to, (nuint)(i + Vector128<uint>.Count));
        }

        for (; i < halves.Length; i++)
        {
            values[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Widen(Vector128<uint> half)
    {
        Vector128<uint> sign = (half & Vector128.Create(0x8000u)) << 16, rest = (half & Vector128.Create(0x7FFFu)) << 13;
        Vector128<uint> scaled = (rest.AsSingle() * Vector128.Create(BitConverter.UInt32BitsToSingle((127u + 112u) << 23))).AsUInt32();

        // Signed, which SSE2 can compare: the numbers are below 2³¹.
        Vector128<uint> notFinite = Vector128.GreaterThan(rest.AsInt32(), Vector128.Create(0x0F7FFFFF)).AsUInt32() & Vector128.Create(0x7F800000u);
        return (sign | scaled | notFinite).AsSingle();
    }

    private void LookUp(ReadOnlySpan<byte> indices, Span<float> values)
    {
        Span<float> whole = stackalloc float[MaximumTable];
        CopyTable(whole);
        values = values[..indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            values[i] = whole[indices[i]];
        }
    }
}
