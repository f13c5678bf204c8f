using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>A vector of 16-bit integers, for sums and differences of quantized activations. Arithmetic wraps around, as in every processor.</summary>
internal unsafe interface IShortLanes<TSelf>
    where TSelf : unmanaged, IShortLanes<TSelf>
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Reads one unsigned byte for each lane.</summary>
    static abstract TSelf LoadBytes(byte* source);

    /// <summary>Reads <see cref="Count"/> values.</summary>
    static abstract TSelf Load(short* source);

    /// <summary>Writes <see cref="Count"/> values.</summary>
    static abstract void Store(TSelf value, short* destination);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane-wise product with 2^<paramref name="count"/>.</summary>
    static abstract TSelf operator <<(TSelf value, int count);
}

/// <summary>32 lanes in one 512-bit register.</summary>
internal unsafe struct ShortLanes32 : IShortLanes<ShortLanes32>
{
    // Set without a constructor: see Lanes16.
    private Vector512<short> _value;

    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes32 LoadBytes(byte* source) => new() { _value = Avx512BW.ConvertToVector512Int16(Vector256.Load(source)) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes32 Load(short* source) => new() { _value = Vector512.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ShortLanes32 value, short* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes32 operator +(ShortLanes32 left, ShortLanes32 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes32 operator -(ShortLanes32 left, ShortLanes32 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes32 operator <<(ShortLanes32 value, int count) => new() { _value = value._value << count };
}

/// <summary>16 lanes in one 256-bit register.</summary>
internal unsafe struct ShortLanes16 : IShortLanes<ShortLanes16>
{
    // Set without a constructor: see Lanes16.
    private Vector256<short> _value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes16 LoadBytes(byte* source) => new() { _value = Avx2.ConvertToVector256Int16(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes16 Load(short* source) => new() { _value = Vector256.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ShortLanes16 value, short* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes16 operator +(ShortLanes16 left, ShortLanes16 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes16 operator -(ShortLanes16 left, ShortLanes16 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes16 operator <<(ShortLanes16 value, int count) => new() { _value = value._value << count };
}

/// <summary>8 lanes in one 128-bit register of any processor.</summary>
internal readonly unsafe struct ShortLanes8 : IShortLanes<ShortLanes8>
{
    private readonly Vector128<short> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ShortLanes8(Vector128<short> value) => _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes8 LoadBytes(byte* source) => new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsByte()).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes8 Load(short* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ShortLanes8 value, short* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes8 operator +(ShortLanes8 left, ShortLanes8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes8 operator -(ShortLanes8 left, ShortLanes8 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLanes8 operator <<(ShortLanes8 value, int count) => new(value._value << count);
}

/// <summary>One integer: the fallback where there is no vector hardware.</summary>
internal readonly unsafe struct ShortLane1 : IShortLanes<ShortLane1>
{
    private readonly short _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ShortLane1(int value) => _value = unchecked((short)value);

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLane1 LoadBytes(byte* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLane1 Load(short* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ShortLane1 value, short* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLane1 operator +(ShortLane1 left, ShortLane1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLane1 operator -(ShortLane1 left, ShortLane1 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortLane1 operator <<(ShortLane1 value, int count) => new(value._value << count);
}
