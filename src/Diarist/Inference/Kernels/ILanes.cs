namespace Diarist.Inference.Kernels;

/// <summary>
/// A vector of float32 lanes. Every kernel is written once over this interface; the runtime compiles it separately
/// for each width (512, 256, 128 bits, one scalar), so nothing of the abstraction is left in the machine code.
/// The tail of a loop is the same loop at width 1 (<see cref="Lane1"/>): as each lane does the same operations in the
/// same order, a value does not depend on whether it was computed in a vector or in a tail.
/// </summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a two-vector-wide GEMM tile whose accumulators stay in registers: 12 where there are 32 registers, 6 where there are 16.</summary>
    static abstract int TileRows { get; }

    /// <summary>All lanes 0.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>Reads <see cref="Count"/> values; any alignment.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Writes <see cref="Count"/> values; any alignment.</summary>
    static abstract void Store(TSelf value, float* destination);

    /// <summary>Reads one 32-bit integer for each lane, as the nearest float.</summary>
    static abstract TSelf LoadInt32(int* source);

    /// <summary>Reads one unsigned byte for each lane.</summary>
    static abstract TSelf LoadBytes(byte* source);

    /// <summary>Writes the whole part of each lane as one byte; the values must be in [0, 256).</summary>
    static abstract void StoreBytes(TSelf value, byte* destination);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane-wise product.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>Lane-wise quotient.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary><c>a·b + c</c>, rounded once where the processor has FMA and twice where it has not (emulating it would be slower than scalar code).</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>
    /// <c>sum ← a·b + sum</c>, as <see cref="MultiplyAdd"/>, in place: the compiler then leaves the sum in its register, where it
    /// would otherwise write over the register of an operand that is not needed any more and move the result.
    /// </summary>
    static abstract void AddProduct(TSelf a, TSelf b, ref TSelf sum);

    /// <summary>The greater of the two, by the processor's own instruction: which one wins for NaN and for zeros of both signs is not specified.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The lesser of the two, with the caveat of <see cref="Max"/>.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The magnitude.</summary>
    static abstract TSelf Abs(TSelf value);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary><c>value · 2^n</c>, where <paramref name="biased"/> holds n in the low bits of its pattern, as adding 1.5·2²³ to a small whole number leaves it; the result must be a normal number.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf biased);
}
