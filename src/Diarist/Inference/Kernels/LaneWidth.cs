using System.Runtime.Intrinsics;

namespace Diarist.Inference.Kernels;

/// <summary>The vector widths that kernels exist for.</summary>
internal enum LaneWidth
{
    /// <summary>One float at a time.</summary>
    Scalar,

    /// <summary>4 lanes.</summary>
    Bits128,

    /// <summary>8 lanes.</summary>
    Bits256,

    /// <summary>16 lanes.</summary>
    Bits512,
}

/// <summary>An operation that can run at any width: a struct that carries the operands.</summary>
internal interface ILaneOperation
{
    /// <summary>Does the work with vectors of the type <typeparamref name="V"/>.</summary>
    void Run<V>()
        where V : unmanaged, ILanes<V>;
}

/// <summary>The table of widths: which ones this processor has, and how to enter a kernel at one of them.</summary>
internal static class LaneWidths
{
    private static readonly LaneWidth[] All = List();

    /// <summary>The widths of this processor, narrowest first.</summary>
    public static IReadOnlyList<LaneWidth> Supported => All;

    /// <summary>
    /// The widest of them: the one in use. It is chosen explicitly because a 512-bit vector on a processor without
    /// AVX-512 is emulated with two halves, slower than 256-bit code.
    /// </summary>
    public static LaneWidth Widest { get; } = All[^1];

    /// <summary>Lanes in a vector.</summary>
    public static int Lanes(this LaneWidth width) => width switch
    {
        LaneWidth.Bits512 => Lanes16.Count,
        LaneWidth.Bits256 => Lanes8.Count,
        LaneWidth.Bits128 => Lanes4.Count,
        _ => Lane1.Count,
    };

    /// <summary>Runs an operation at a width.</summary>
    public static void Run<TOperation>(this LaneWidth width, in TOperation operation)
        where TOperation : struct, ILaneOperation
    {
        TOperation copy = operation;
        switch (width)
        {
            case LaneWidth.Bits512:
                copy.Run<Lanes16>();
                break;
            case LaneWidth.Bits256:
                copy.Run<Lanes8>();
                break;
            case LaneWidth.Bits128:
                copy.Run<Lanes4>();
                break;
            default:
                copy.Run<Lane1>();
                break;
        }
    }

    private static LaneWidth[] List()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return [LaneWidth.Scalar, LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512];
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return [LaneWidth.Scalar, LaneWidth.Bits128, LaneWidth.Bits256];
        }

        return Vector128.IsHardwareAccelerated ? [LaneWidth.Scalar, LaneWidth.Bits128] : [LaneWidth.Scalar];
    }
}
