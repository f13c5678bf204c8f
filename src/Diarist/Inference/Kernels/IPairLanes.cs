using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A vector of 32-bit sums that takes the products of pairs of 16-bit integers, as processors multiply and add them at once.
/// Sums of integers are exact, so every set of instructions gives the same bits as long as no sum overflows.
/// </summary>
internal unsafe interface IPairLanes<TSelf>
    where TSelf : unmanaged, IPairLanes<TSelf>
{
    /// <summary>Sums in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes 0.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Reads a pair of 16-bit integers for each lane.</summary>
    static abstract TSelf LoadPairs(short* source);

    /// <summary>The same pair of 16-bit integers for every lane.</summary>
    static abstract TSelf BroadcastPair(short* source);

    /// <summary>Writes <see cref="Count"/> sums.</summary>
    static abstract void Store(TSelf sums, int* destination);

    /// <summary><c>sums + left[0]·right[0] + left[1]·right[1]</c> for each lane.</summary>
    static abstract TSelf MultiplyAdd(TSelf sums, TSelf left, TSelf right);
}

/// <summary>8 sums in one 256-bit register, with the one instruction of AVX-VNNI.</summary>
internal unsafe struct PairLanesVnni : IPairLanes<PairLanesVnni>
{
    // Set without a constructor: see Lanes16.
    private Vector256<int> _value;

    public static int Count => 8;

    public static PairLanesVnni Zero => new() { _value = Vector256<int>.Zero };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanesVnni LoadPairs(short* source) => new() { _value = Vector256.Load((int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanesVnni BroadcastPair(short* source) => new() { _value = Vector256.Create(*(int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairLanesVnni sums, int* destination) => sums._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanesVnni MultiplyAdd(PairLanesVnni sums, PairLanesVnni left, PairLanesVnni right) =>
        new() { _value = AvxVnni.MultiplyWideningAndAdd(sums._value, left._value.AsInt16(), right._value.AsInt16()) };
}

/// <summary>16 sums in one 512-bit register.</summary>
internal unsafe struct PairLanes16 : IPairLanes<PairLanes16>
{
    // Set without a constructor: see Lanes16.
    private Vector512<int> _value;

    public static int Count => 16;

    public static PairLanes16 Zero => new() { _value = Vector512<int>.Zero };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes16 LoadPairs(short* source) => new() { _value = Vector512.Load((int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes16 BroadcastPair(short* source) => new() { _value = Vector512.Create(*(int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairLanes16 sums, int* destination) => sums._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes16 MultiplyAdd(PairLanes16 sums, PairLanes16 left, PairLanes16 right) =>
        new() { _value = sums._value + Avx512BW.MultiplyAddAdjacent(left._value.AsInt16(), right._value.AsInt16()) };
}

/// <summary>8 sums in one 256-bit register.</summary>
internal unsafe struct PairLanes8 : IPairLanes<PairLanes8>
{
    // Set without a constructor: see Lanes16.
    private Vector256<int> _value;

    public static int Count => 8;

    public static PairLanes8 Zero => new() { _value = Vector256<int>.Zero };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes8 LoadPairs(short* source) => new() { _value = Vector256.Load((int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes8 BroadcastPair(short* source) => new() { _value = Vector256.Create(*(int*)source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairLanes8 sums, int* destination) => sums._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes8 MultiplyAdd(PairLanes8 sums, PairLanes8 left, PairLanes8 right) =>
        new() { _value = sums._value + Avx2.MultiplyAddAdjacent(left._value.AsInt16(), right._value.AsInt16()) };
}

/// <summary>4 sums in one 128-bit register of any processor.</summary>
internal readonly unsafe struct PairLanes4 : IPairLanes<PairLanes4>
{
    private readonly Vector128<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PairLanes4(Vector128<int> value) => _value = value;

    public static int Count => 4;

    public static PairLanes4 Zero => new(Vector128<int>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes4 LoadPairs(short* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes4 BroadcastPair(short* source) => new(Vector128.Create(*(int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairLanes4 sums, int* destination) => sums._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLanes4 MultiplyAdd(PairLanes4 sums, PairLanes4 left, PairLanes4 right)
    {
        if (Sse2.IsSupported)
        {
            return new(sums._value + Sse2.MultiplyAddAdjacent(left._value.AsInt16(), right._value.AsInt16()));
        }

        Vector128<int> first = ((left._value << 16) >> 16) * ((right._value << 16) >> 16);
        return new(sums._value + first + ((left._value >> 16) * (right._value >> 16)));
    }
}

/// <summary>One sum: the fallback where there is no vector hardware.</summary>
internal readonly unsafe struct PairLane1 : IPairLanes<PairLane1>
{
    private readonly int _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PairLane1(int value) => _value = value;

    public static int Count => 1;

    public static PairLane1 Zero => new(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLane1 LoadPairs(short* source) => new(*(int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLane1 BroadcastPair(short* source) => new(*(int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairLane1 sums, int* destination) => *destination = sums._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairLane1 MultiplyAdd(PairLane1 sums, PairLane1 left, PairLane1 right) =>
        new(sums._value + ((short)left._value * (short)right._value) + ((left._value >> 16) * (right._value >> 16)));
}
