using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A vector of 32-bit sums that takes products of pairs of 16-bit integers. The 8-bit kernels are written once over this
/// interface and compiled for each width, like the float kernels over <see cref="ILanes{TSelf}"/>; integers make every width exact.
/// </summary>
internal unsafe interface IIntegerLanes<TSelf>
    where TSelf : unmanaged, IIntegerLanes<TSelf>
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Reads one 32-bit integer for each lane.</summary>
    static abstract TSelf Load(int* source);

    /// <summary>Reads one 16-bit integer for each lane.</summary>
    static abstract TSelf Load(short* source);

    /// <summary>The low 16 bits of each lane.</summary>
    static abstract void Store(TSelf value, short* destination);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary><c>sum + pair[0]·weights[lane, 0] + pair[1]·weights[lane, 1]</c> for each lane.</summary>
    static abstract TSelf MultiplyAdd(TSelf sum, short* pair, short* weights);

    /// <summary>⌊value / 2^count⌋.</summary>
    static abstract TSelf ShiftRight(TSelf value, int count);

    /// <summary>The nearest value in [<paramref name="lower"/>, <paramref name="upper"/>].</summary>
    static abstract TSelf Clamp(TSelf value, int lower, int upper);
}

/// <summary>16 lanes in one 512-bit register.</summary>
internal readonly unsafe struct IntegerLanes16 : IIntegerLanes<IntegerLanes16>
{
    private readonly Vector512<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes16(Vector512<int> value) => _value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 Load(int* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 Load(short* source) => new(Avx512F.ConvertToVector512Int32(Vector256.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes16 value, short* destination) => Avx512F.ConvertToVector256Int16(value._value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 operator +(IntegerLanes16 left, IntegerLanes16 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 MultiplyAdd(IntegerLanes16 sum, short* pair, short* weights) =>
        new(sum._value + Avx512BW.MultiplyAddAdjacent(Vector512.Create(*(int*)pair).AsInt16(), Vector512.Load(weights)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 ShiftRight(IntegerLanes16 value, int count) => new(value._value >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes16 Clamp(IntegerLanes16 value, int lower, int upper) =>
        new(Vector512.Min(Vector512.Max(value._value, Vector512.Create(lower)), Vector512.Create(upper)));
}

/// <summary>8 lanes in one 256-bit register.</summary>
internal readonly unsafe struct IntegerLanes8 : IIntegerLanes<IntegerLanes8>
{
    private readonly Vector256<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes8(Vector256<int> value) => _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 Load(int* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 Load(short* source) => new(Avx2.ConvertToVector256Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes8 value, short* destination) => Vector128.Narrow(value._value.GetLower(), value._value.GetUpper()).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 operator +(IntegerLanes8 left, IntegerLanes8 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 MultiplyAdd(IntegerLanes8 sum, short* pair, short* weights) =>
        new(sum._value + Avx2.MultiplyAddAdjacent(Vector256.Create(*(int*)pair).AsInt16(), Vector256.Load(weights)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 ShiftRight(IntegerLanes8 value, int count) => new(value._value >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes8 Clamp(IntegerLanes8 value, int lower, int upper) =>
        new(Vector256.Min(Vector256.Max(value._value, Vector256.Create(lower)), Vector256.Create(upper)));
}

/// <summary>4 lanes in one 128-bit register of any processor.</summary>
internal readonly unsafe struct IntegerLanes4 : IIntegerLanes<IntegerLanes4>
{
    private readonly Vector128<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLanes4(Vector128<int> value) => _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 Load(int* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 Load(short* source) => new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsInt16()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLanes4 value, short* destination) => *(long*)destination = Vector128.Narrow(value._value, value._value).AsInt64()[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 operator +(IntegerLanes4 left, IntegerLanes4 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 MultiplyAdd(IntegerLanes4 sum, short* pair, short* weights)
    {
        if (Sse2.IsSupported)
        {
            return new(sum._value + Sse2.MultiplyAddAdjacent(Vector128.Create(*(int*)pair).AsInt16(), Vector128.Load(weights)));
        }

        Vector128<int> both = Vector128.Load(weights).AsInt32();
        return new(sum._value + (((both << 16) >> 16) * pair[0]) + ((both >> 16) * pair[1]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 ShiftRight(IntegerLanes4 value, int count) => new(value._value >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLanes4 Clamp(IntegerLanes4 value, int lower, int upper) =>
        new(Vector128.Min(Vector128.Max(value._value, Vector128.Create(lower)), Vector128.Create(upper)));
}

/// <summary>One integer: the fallback where there is no vector hardware.</summary>
internal readonly unsafe struct IntegerLane1 : IIntegerLanes<IntegerLane1>
{
    private readonly int _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IntegerLane1(int value) => _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 Load(int* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 Load(short* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerLane1 value, short* destination) => *destination = (short)value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 operator +(IntegerLane1 left, IntegerLane1 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 MultiplyAdd(IntegerLane1 sum, short* pair, short* weights) =>
        new(sum._value + (pair[0] * weights[0]) + (pair[1] * weights[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 ShiftRight(IntegerLane1 value, int count) => new(value._value >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerLane1 Clamp(IntegerLane1 value, int lower, int upper) => new(Math.Clamp(value._value, lower, upper));
}
