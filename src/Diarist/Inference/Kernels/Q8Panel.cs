using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// 32 columns of a product (32 rows of a Q8_0 matrix) as the kernels walk along them: for each block of 32 inputs, 8 groups of
/// four inputs; in a group, four bytes a column. It is filled from the file's bytes just before it is used and forgotten after.
/// </summary>
/// <remarks>Memory: blocks · 1024 bytes of weights, then blocks · 32 scales (float32), then blocks · 32 start values of the sums (int32).</remarks>
internal readonly unsafe struct Q8Panel
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 32;

    /// <summary>Groups of four inputs in a block.</summary>
    public const int Groups = 8;

    /// <summary>Bytes of a group.</summary>
    public const int GroupBytes = 4 * Columns;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = Groups * GroupBytes;

    private Q8Panel(byte* weights, int blocks)
    {
        Weights = weights;
        Blocks = blocks;
        Scales = (float*)(weights + ((nint)blocks * BlockBytes));
        Starts = (int*)(Scales + (blocks * Columns));
    }

    /// <summary>Shape (blocks, 8 groups, 32 columns, 4 bytes).</summary>
    public byte* Weights { get; }

    /// <summary>Shape (blocks, 32).</summary>
    public float* Scales { get; }

    /// <summary>What the sums of a block start from, shape (blocks, 32).</summary>
    public int* Starts { get; }

    /// <summary>The number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Values of scratch memory that a panel needs.</summary>
    public static int Length(int blocks) => blocks * ((BlockBytes / sizeof(float)) + (2 * Columns));

    /// <summary>Fills a panel.</summary>
    /// <param name="rows">The first of 32 rows of the file, each of <paramref name="blocks"/> Q8_0 blocks.</param>
    /// <param name="blocks">Blocks of a row.</param>
    /// <param name="offset">What the kernel adds to each activation.</param>
    /// <param name="memory"><see cref="Length"/> values.</param>
    public static Q8Panel Fill(byte* rows, int blocks, int offset, float* memory)
    {
        var panel = new Q8Panel((byte*)memory, blocks);
        nint rowBytes = (nint)blocks * GgufTensor.BlockBytes;
        for (int block = 0; block < blocks; block++)
        {
            byte* source = rows + ((nint)block * GgufTensor.BlockBytes);
            for (int column = 0; column < Columns; column += 8)
            {
                Scales8(source + (column * rowBytes), rowBytes, panel.Scales + (block * Columns) + column);
            }

            byte* target = panel.Weights + ((nint)block * BlockBytes);
            int* starts = panel.Starts + (block * Columns);
            for (int column = 0; column < Columns; column += 8)
            {
                if (Avx2.IsSupported)
                {
                    Transpose(source + (column * rowBytes) + 2, rowBytes, target + (4 * column), offset, starts + column);
                }
                else
                {
                    Copy(source + (column * rowBytes) + 2, rowBytes, target + (4 * column), offset, starts + column);
                }
            }
        }

        return panel;
    }

    /// <summary>Widens the scales of eight rows. Shifted into place, a half-precision number is 2⁻¹¹² times its value; infinities and NaN keep their exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scales8(byte* source, nint rowBytes, float* scales)
    {
        byte* other = source + (4 * rowBytes);
        Vector256<int> half = Vector256.Create(
            Bits(source), Bits(source + rowBytes), Bits(source + (2 * rowBytes)), Bits(source + (3 * rowBytes)),
            Bits(other), Bits(other + rowBytes), Bits(other + (2 * rowBytes)), Bits(other + (3 * rowBytes)));
        Vector256<int> magnitude = half & Vector256.Create(0x7FFF);
        Vector256<int> special = Vector256.GreaterThan(magnitude, Vector256.Create(0x7BFF)) & Vector256.Create(0x7F800000);
        Vector256<int> value = ((magnitude << 13).AsSingle() * Vector256.Create(5.192296858534828e33f)).AsInt32();
        (value | special | ((half & Vector256.Create(0x8000)) << 16)).AsSingle().Store(scales);

        static int Bits(byte* place) => *(ushort*)place;
    }

    private static void Copy(byte* source, nint rowBytes, byte* target, int offset, int* starts)
    {
        for (int column = 0; column < 8; column++, source += rowBytes)
        {
            int sum = 0;
            for (int i = 0; i < GgufTensor.BlockValues; i++)
            {
                target[((i / 4) * GroupBytes) + (4 * column) + (i % 4)] = source[i];
                sum += (sbyte)source[i];
            }

            starts[column] = -offset * sum;
        }
    }

    /// <summary>8 rows of 8 groups become 8 groups of 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(byte* source, nint rowBytes, byte* target, int offset, int* starts)
    {
        Vector256<int> r0 = Row(source, 0, rowBytes), r1 = Row(source, 1, rowBytes), r2 = Row(source, 2, rowBytes), r3 = Row(source, 3, rowBytes);
        Vector256<int> r4 = Row(source, 4, rowBytes), r5 = Row(source, 5, rowBytes), r6 = Row(source, 6, rowBytes), r7 = Row(source, 7, rowBytes);

        // Pairs of rows, then fours, within each half; then the halves.
        Vector256<long> a0 = Avx2.UnpackLow(r0, r1).AsInt64(), a1 = Avx2.UnpackHigh(r0, r1).AsInt64();
        Vector256<long> a2 = Avx2.UnpackLow(r2, r3).AsInt64(), a3 = Avx2.UnpackHigh(r2, r3).AsInt64();
        Vector256<long> a4 = Avx2.UnpackLow(r4, r5).AsInt64(), a5 = Avx2.UnpackHigh(r4, r5).AsInt64();
        Vector256<long> a6 = Avx2.UnpackLow(r6, r7).AsInt64(), a7 = Avx2.UnpackHigh(r6, r7).AsInt64();
        Vector256<long> b0 = Avx2.UnpackLow(a0, a2), b1 = Avx2.UnpackHigh(a0, a2), b2 = Avx2.UnpackLow(a1, a3), b3 = Avx2.UnpackHigh(a1, a3);
        Vector256<long> b4 = Avx2.UnpackLow(a4, a6), b5 = Avx2.UnpackHigh(a4, a6), b6 = Avx2.UnpackLow(a5, a7), b7 = Avx2.UnpackHigh(a5, a7);
        Vector256<int> total = Vector256<int>.Zero;
        total += Store(Avx2.Permute2x128(b0, b4, 0x20), target, 0);
        total += Store(Avx2.Permute2x128(b1, b5, 0x20), target, 1);
        total += Store(Avx2.Permute2x128(b2, b6, 0x20), target, 2);
        total += Store(Avx2.Permute2x128(b3, b7, 0x20), target, 3);
        total += Store(Avx2.Permute2x128(b0, b4, 0x31), target, 4);
        total += Store(Avx2.Permute2x128(b1, b5, 0x31), target, 5);
        total += Store(Avx2.Permute2x128(b2, b6, 0x31), target, 6);
        total += Store(Avx2.Permute2x128(b3, b7, 0x31), target, 7);
        (total * -offset).Store(starts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Row(byte* source, int row, nint rowBytes) => Vector256.Load(source + (row * rowBytes)).AsInt32();

    /// <summary>Writes a group and returns the sum of the four bytes of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Store(Vector256<long> group, byte* target, int index)
    {
        Vector256.Store(group.AsByte(), target + (index * GroupBytes));
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(Vector256.Create((byte)1), group.AsSByte());
        return Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
    }
}
