using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A vector of 32-bit sums, one a column, that takes four products of 8-bit integers a lane at a time. The products of Q8_0
/// weights are written once over this interface. Sums of integers are exact, so every implementation gives the same values.
/// </summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface IByteLanes<TSelf>
    where TSelf : unmanaged, IByteLanes<TSelf>
{
    /// <summary>Columns in a vector; 32 is a multiple of twice this.</summary>
    static abstract int Count { get; }

    /// <summary>Bytes that four activations take: 4 as bytes, 8 as 16-bit numbers in the order 0, 2, 1, 3.</summary>
    static abstract int GroupBytes { get; }

    /// <summary>What is added to each activation, because the instruction takes them without a sign; sums start from −Offset · Σ weights.</summary>
    static abstract int Offset { get; }

    /// <summary>Whether this processor has the instruction.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Reads one sum a column.</summary>
    static abstract TSelf Load(int* source);

    /// <summary>sum + Σ of four activations times four weights in each column.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="weights">Four signed bytes a column.</param>
    /// <param name="activations">One group, the same for all columns.</param>
    static abstract TSelf MultiplyAdd(TSelf sum, TSelf weights, byte* activations);

    /// <summary>total += sum · weightScales · activationScale.</summary>
    static abstract void Accumulate(TSelf sum, float* weightScales, float activationScale, float* total);

    /// <summary>The same of two vectors of columns that lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual void Accumulate(TSelf left, TSelf right, float* weightScales, float activationScale, float* total)
    {
        TSelf.Accumulate(left, weightScales, activationScale, total);
        TSelf.Accumulate(right, weightScales + TSelf.Count, activationScale, total + TSelf.Count);
    }
}

/// <summary>8 columns with AVX-VNNI: unsigned times signed bytes, four products a lane in one instruction.</summary>
internal readonly unsafe struct VnniLanes : IByteLanes<VnniLanes>
{
    private readonly Vector256<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VnniLanes(Vector256<int> value) => _value = value;

    public static int Count => 8;

    public static int GroupBytes => 4;

    public static int Offset => 128;

    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniLanes Load(int* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniLanes MultiplyAdd(VnniLanes sum, VnniLanes weights, byte* activations) =>
        new(AvxVnni.MultiplyWideningAndAdd(sum._value, Vector256.Create(*(int*)activations).AsByte(), weights._value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(VnniLanes sum, float* weightScales, float activationScale, float* total) =>
        Vector256.MultiplyAddEstimate(
            Avx.ConvertToVector256Single(sum._value) * Vector256.Load(weightScales), Vector256.Create(activationScale), Vector256.Load(total)).Store(total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(VnniLanes left, VnniLanes right, float* weightScales, float activationScale, float* total)
    {
        // Joined, two vectors take half of the instructions that follow.
        if (Avx512F.IsSupported)
        {
            Vector512<float> sums = Avx512F.ConvertToVector512Single(Vector512.Create(left._value, right._value));
            Vector512.MultiplyAddEstimate(sums * Vector512.Load(weightScales), Vector512.Create(activationScale), Vector512.Load(total)).Store(total);
            return;
        }

        Accumulate(left, weightScales, activationScale, total);
        Accumulate(right, weightScales + Count, activationScale, total + Count);
    }
}

/// <summary>16 columns with AVX-512BW: products of pairs of 16-bit numbers.</summary>
internal readonly unsafe struct ByteLanes16 : IByteLanes<ByteLanes16>
{
    private readonly Vector512<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ByteLanes16(Vector512<int> value) => _value = value;

    public static int Count => 16;

    public static int GroupBytes => 8;

    public static int Offset => 0;

    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes16 Load(int* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes16 MultiplyAdd(ByteLanes16 sum, ByteLanes16 weights, byte* activations)
    {
        Vector512<short> both = weights._value.AsInt16();
        Vector512<int> even = Avx512BW.MultiplyAddAdjacent((both << 8) >> 8, Vector512.Create(*(int*)activations).AsInt16());
        Vector512<int> odd = Avx512BW.MultiplyAddAdjacent(both >> 8, Vector512.Create(*(int*)(activations + 4)).AsInt16());
        return new(sum._value + even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ByteLanes16 sum, float* weightScales, float activationScale, float* total) =>
        Vector512.MultiplyAddEstimate(
            Avx512F.ConvertToVector512Single(sum._value) * Vector512.Load(weightScales), Vector512.Create(activationScale), Vector512.Load(total)).Store(total);
}

/// <summary>8 columns with AVX2: products of pairs of 16-bit numbers.</summary>
internal readonly unsafe struct ByteLanes8 : IByteLanes<ByteLanes8>
{
    private readonly Vector256<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ByteLanes8(Vector256<int> value) => _value = value;

    public static int Count => 8;

    public static int GroupBytes => 8;

    public static int Offset => 0;

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes8 Load(int* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes8 MultiplyAdd(ByteLanes8 sum, ByteLanes8 weights, byte* activations)
    {
        Vector256<short> both = weights._value.AsInt16();
        Vector256<int> even = Avx2.MultiplyAddAdjacent((both << 8) >> 8, Vector256.Create(*(int*)activations).AsInt16());
        Vector256<int> odd = Avx2.MultiplyAddAdjacent(both >> 8, Vector256.Create(*(int*)(activations + 4)).AsInt16());
        return new(sum._value + even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ByteLanes8 sum, float* weightScales, float activationScale, float* total) =>
        Vector256.MultiplyAddEstimate(
            Avx.ConvertToVector256Single(sum._value) * Vector256.Load(weightScales), Vector256.Create(activationScale), Vector256.Load(total)).Store(total);
}

/// <summary>4 columns with the dot product instruction of Arm.</summary>
internal readonly unsafe struct ArmDotLanes : IByteLanes<ArmDotLanes>
{
    private readonly Vector128<int> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ArmDotLanes(Vector128<int> value) => _value = value;

    public static int Count => 4;

    public static int GroupBytes => 4;

    public static int Offset => 0;

    public static bool IsSupported => Dp.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotLanes Load(int* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArmDotLanes MultiplyAdd(ArmDotLanes sum, ArmDotLanes weights, byte* activations) =>
        new(Dp.DotProduct(sum._value, weights._value.AsSByte(), Vector128.Create(*(int*)activations).AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ArmDotLanes sum, float* weightScales, float activationScale, float* total) =>
        Vector128.MultiplyAddEstimate(
            Vector128.ConvertToSingle(sum._value) * Vector128.Load(weightScales), Vector128.Create(activationScale), Vector128.Load(total)).Store(total);
}

/// <summary>One column at a time, on any processor.</summary>
internal readonly unsafe struct ByteLane1 : IByteLanes<ByteLane1>
{
    private readonly int _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ByteLane1(int value) => _value = value;

    public static int Count => 1;

    public static int GroupBytes => 4;

    public static int Offset => 0;

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLane1 Load(int* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLane1 MultiplyAdd(ByteLane1 sum, ByteLane1 weights, byte* activations)
    {
        int packed = weights._value;
        var a = (sbyte*)activations;
        return new(sum._value + (a[0] * (sbyte)packed) + (a[1] * (sbyte)(packed >> 8)) + (a[2] * (sbyte)(packed >> 16)) + (a[3] * (sbyte)(packed >> 24)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ByteLane1 sum, float* weightScales, float activationScale, float* total) =>
        *total = MathF.FusedMultiplyAdd(sum._value * *weightScales, activationScale, *total);
}
