using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>The sets of instructions that the integer kernels exist for.</summary>
internal enum IntegerInstructions
{
    /// <summary>One integer at a time.</summary>
    Scalar,

    /// <summary>Any processor with 128-bit vectors.</summary>
    Bits128,

    /// <summary>256-bit vectors: multiply pairs, then add.</summary>
    Avx2,

    /// <summary>256-bit vectors: multiply pairs and add in one instruction.</summary>
    AvxVnni,

    /// <summary>512-bit vectors: multiply pairs, then add. A little faster than one instruction of half the width where a processor has both.</summary>
    Avx512,
}

/// <summary>Integer work at any set of instructions: a struct that carries the operands.</summary>
internal interface IPairOperation
{
    /// <summary>Does the work with vectors of the type <typeparamref name="V"/>.</summary>
    void Run<V>()
        where V : unmanaged, IPairLanes<V>;
}

/// <summary>Work on 16-bit integers at any width: a struct that carries the operands.</summary>
internal interface IShortOperation
{
    /// <summary>Does the work with vectors of the type <typeparamref name="V"/>.</summary>
    void Run<V>()
        where V : unmanaged, IShortLanes<V>;
}

/// <summary>The table of integer instructions: which ones this processor has, and how to enter a kernel with one of them.</summary>
internal static class IntegerInstructionSets
{
    private static readonly IntegerInstructions[] All = List();

    /// <summary>Those of this processor, slowest first.</summary>
    public static IReadOnlyList<IntegerInstructions> Supported => All;

    /// <summary>The fastest of them: the one in use.</summary>
    public static IntegerInstructions Fastest { get; } = All[^1];

    /// <summary>Sums in a vector.</summary>
    public static int Sums(this IntegerInstructions instructions) => instructions switch
    {
        IntegerInstructions.Avx512 => PairLanes16.Count,
        IntegerInstructions.AvxVnni or IntegerInstructions.Avx2 => PairLanes8.Count,
        IntegerInstructions.Bits128 => PairLanes4.Count,
        _ => PairLane1.Count,
    };

    /// <summary>The width of the float and 16-bit vectors around the products.</summary>
    public static LaneWidth Width(this IntegerInstructions instructions) => instructions switch
    {
        IntegerInstructions.AvxVnni => LaneWidths.Widest,
        IntegerInstructions.Avx512 => LaneWidth.Bits512,
        IntegerInstructions.Avx2 => LaneWidth.Bits256,
        IntegerInstructions.Bits128 => LaneWidth.Bits128,
        _ => LaneWidth.Scalar,
    };

    /// <summary>Runs an operation with a set of instructions.</summary>
    public static void Run<TOperation>(this IntegerInstructions instructions, in TOperation operation)
        where TOperation : struct, IPairOperation
    {
        TOperation copy = operation;
        switch (instructions)
        {
            case IntegerInstructions.AvxVnni:
                copy.Run<PairLanesVnni>();
                break;
            case IntegerInstructions.Avx512:
                copy.Run<PairLanes16>();
                break;
            case IntegerInstructions.Avx2:
                copy.Run<PairLanes8>();
                break;
            case IntegerInstructions.Bits128:
                copy.Run<PairLanes4>();
                break;
            default:
                copy.Run<PairLane1>();
                break;
        }
    }

    /// <summary>Runs an operation on 16-bit integers at a width.</summary>
    public static void RunShorts<TOperation>(this LaneWidth width, in TOperation operation)
        where TOperation : struct, IShortOperation
    {
        TOperation copy = operation;
        switch (width)
        {
            case LaneWidth.Bits512:
                copy.Run<ShortLanes32>();
                break;
            case LaneWidth.Bits256:
                copy.Run<ShortLanes16>();
                break;
            case LaneWidth.Bits128:
                copy.Run<ShortLanes8>();
                break;
            default:
                copy.Run<ShortLane1>();
                break;
        }
    }

    private static IntegerInstructions[] List()
    {
        // An array: the code of lists of an enumeration is compiled at each start.
        var sets = new IntegerInstructions[5];
        int count = 1;
        sets[0] = IntegerInstructions.Scalar;
        if (Vector128.IsHardwareAccelerated)
        {
            sets[count++] = IntegerInstructions.Bits128;
        }

        if (Avx2.IsSupported)
        {
            sets[count++] = IntegerInstructions.Avx2;
        }

        if (AvxVnni.IsSupported)
        {
            sets[count++] = IntegerInstructions.AvxVnni;
        }

        if (Vector512.IsHardwareAccelerated && Avx512BW.IsSupported)
        {
            sets[count++] = IntegerInstructions.Avx512;
        }

        return sets[..count];
    }
}
