using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>A vector of float64 lanes that reads and writes float32: what is prepared once is computed in double, and exactly the same at any width.</summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
internal unsafe interface IDoubleLanes<TSelf>
    where TSelf : unmanaged, IDoubleLanes<TSelf>
{
    /// <summary>Lanes in a vector; 32 is a multiple of it.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Reads <see cref="Count"/> values of float32.</summary>
    static abstract TSelf Widen(float* source);

    /// <summary>Writes <see cref="Count"/> values, each rounded to float32.</summary>
    static abstract void Narrow(TSelf value, float* destination);

    /// <summary>Reads <see cref="Count"/> values.</summary>
    static abstract TSelf Load(double* source);

    /// <summary>Writes <see cref="Count"/> values.</summary>
    static abstract void Store(TSelf value, double* destination);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane-wise product.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>The greater of the two.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The magnitude.</summary>
    static abstract TSelf Abs(TSelf value);
}

/// <summary>8 lanes in one 512-bit register.</summary>
internal unsafe struct Doubles8 : IDoubleLanes<Doubles8>
{
    // Set without a constructor: see Lanes16.
    private Vector512<double> _value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 Broadcast(double value) => new() { _value = Vector512.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 Widen(float* source) => new() { _value = Avx512F.ConvertToVector512Double(Vector256.Load(source)) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Doubles8 value, float* destination) => Avx512F.ConvertToVector256Single(value._value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 Load(double* source) => new() { _value = Vector512.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles8 value, double* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 operator +(Doubles8 left, Doubles8 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 operator -(Doubles8 left, Doubles8 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 operator *(Doubles8 left, Doubles8 right) => new() { _value = left._value * right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 Max(Doubles8 left, Doubles8 right) => new() { _value = Vector512.MaxNative(left._value, right._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles8 Abs(Doubles8 value) => new() { _value = Vector512.Abs(value._value) };
}

/// <summary>4 lanes in one 256-bit register.</summary>
internal unsafe struct Doubles4 : IDoubleLanes<Doubles4>
{
    // Set without a constructor: see Lanes16.
    private Vector256<double> _value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 Broadcast(double value) => new() { _value = Vector256.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 Widen(float* source) => new() { _value = Avx.ConvertToVector256Double(Vector128.Load(source)) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(Doubles4 value, float* destination) => Avx.ConvertToVector128Single(value._value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 Load(double* source) => new() { _value = Vector256.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles4 value, double* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 operator +(Doubles4 left, Doubles4 right) => new() { _value = left._value + right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 operator -(Doubles4 left, Doubles4 right) => new() { _value = left._value - right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 operator *(Doubles4 left, Doubles4 right) => new() { _value = left._value * right._value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 Max(Doubles4 left, Doubles4 right) => new() { _value = Vector256.MaxNative(left._value, right._value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles4 Abs(Doubles4 value) => new() { _value = Vector256.Abs(value._value) };
}

/// <summary>One lane, for any processor.</summary>
internal readonly unsafe struct Doubles1 : IDoubleLanes<Doubles1>
{
    private readonly double _value;

    private Doubles1(double value) => _value = value;

    public static int Count => 1;

    public static Doubles1 Broadcast(double value) => new(value);

    public static Doubles1 Widen(float* source) => new(*source);

    public static void Narrow(Doubles1 value, float* destination) => *destination = (float)value._value;

    public static Doubles1 Load(double* source) => new(*source);

    public static void Store(Doubles1 value, double* destination) => *destination = value._value;

    public static Doubles1 operator +(Doubles1 left, Doubles1 right) => new(left._value + right._value);

    public static Doubles1 operator -(Doubles1 left, Doubles1 right) => new(left._value - right._value);

    public static Doubles1 operator *(Doubles1 left, Doubles1 right) => new(left._value * right._value);

    public static Doubles1 Max(Doubles1 left, Doubles1 right) => new(Math.Max(left._value, right._value));

    public static Doubles1 Abs(Doubles1 value) => new(Math.Abs(value._value));
}
