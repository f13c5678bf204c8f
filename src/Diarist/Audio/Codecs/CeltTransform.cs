using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The inverse MDCT of CELT (RFC 6716, section 4.3.7), through a Fourier transform of a quarter of its length, and the window where blocks overlap. The eight lanes of
/// <see cref="CeltFourier"/> are eight short blocks, or every eighth value of one long block, which a transform across the lanes then joins.
/// </summary>
internal sealed class CeltTransform
{
    /// <summary>Samples over which blocks overlap.</summary>
    public const int Overlap = 120;

    private const int Quad = 4;
    private const int Lanes = CeltFourier.Lanes, ShortSize = CeltTables.ShortSize, ShortQuarter = ShortSize / 2;

    private static readonly float[] Window = MakeWindow();

    // Of long blocks of each scale: the turns before and after the Fourier transform, and those between its two steps.
    private static readonly (float[] Cosines, float[] Sines)[] Turns = [.. Enumerable.Range(0, 4).Select(scale => MakeTurns(ShortSize << scale))];
    private static readonly (float[] Cosines, float[] Sines)[] Joints = [.. Enumerable.Range(0, 4).Select(scale => MakeJoints(ShortQuarter << scale))];

    private readonly CeltFourier[] _transforms = [new(60), new(15), new(30), new(60)];

    /// <summary>Makes sound of lines.</summary>
    /// <param name="lines">The lines of a frame; those of its blocks take turns.</param>
    /// <param name="scale">The frame's scale.</param>
    /// <param name="blocks">Its blocks: 1, or two to the power of the scale.</param>
    /// <param name="sound">
    /// Holds half the overlap of the block before and receives the sound, as many samples as there are lines, and half the overlap of the next block behind it.
    /// </param>
    public void Apply(ReadOnlySpan<float> lines, int scale, int blocks, Span<float> sound)
    {
        int size = lines.Length / blocks;
        if (size == ShortSize)
        {
            TransformShort(lines, blocks, sound[(Overlap / 2)..]);
        }
        else
        {
            TransformLong(lines, scale, sound[(Overlap / 2)..]);
        }

        for (int block = 0; block < blocks; block++)
        {
            Mix(sound.Slice(block * size, Overlap));
        }
    }

    /// <summary>Folds what follows a frame as a block would, so that the next frame can be mixed with it.</summary>
    /// <param name="sound">The samples behind the frame, of which the first half is replaced.</param>
    public static void Fold(Span<float> sound)
    {
        for (int i = 0; i < Overlap / 2; i++)
        {
            sound[i] = (Window[Overlap - 1 - i] * sound[i]) + (Window[i] * sound[Overlap - 1 - i]);
        }
    }

    /// <summary>The weight with which a change comes in over the first samples of a frame.</summary>
    public static float FadeAt(int sample) => Window[sample] * Window[sample];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(Span<float> sound)
    {
        // The second half from its end.
        for (int i = 0, j = Overlap - Quad; i < Overlap / 2; i += Quad, j -= Quad)
        {
            Vector128<float> before = Vector128.Create<float>(sound[i..]), after = Reverse(Vector128.Create<float>(sound[j..]));
            Vector128<float> rising = Vector128.Create(Window, i), falling = Reverse(Vector128.Create(Window, j));
            ((before * falling) - (after * rising)).CopyTo(sound[i..]);
            Reverse((before * rising) + (after * falling)).CopyTo(sound[j..]);
        }
    }

    private static Vector128<float> Reverse(Vector128<float> four) => Vector128.Shuffle(four, Vector128.Create(3, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformShort(ReadOnlySpan<float> lines, int blocks, Span<float> sound)
    {
        CeltFourier fourier = _transforms[0];
        (float[] cosines, float[] sines) = Turns[0];
        for (int i = 0; i < ShortQuarter; i++)
        {
            ReadOnlySpan<float> low = lines.Slice(2 * i * blocks, blocks), high = lines.Slice((ShortSize - 1 - (2 * i)) * blocks, blocks);
            if (blocks == Lanes)
            {
                Vector256<float> lows = Vector256.Create(low), highs = Vector256.Create(high);
                ((lows * cosines[i]) + (highs * sines[i])).CopyTo(fourier.Real, i * Lanes);
                ((highs * cosines[i]) - (lows * sines[i])).CopyTo(fourier.Imaginary, i * Lanes);
                continue;
            }

            for (int block = 0; block < blocks; block++)
            {
                fourier.Real[(i * Lanes) + block] = (low[block] * cosines[i]) + (high[block] * sines[i]);
                fourier.Imaginary[(i * Lanes) + block] = (high[block] * cosines[i]) - (low[block] * sines[i]);
            }
        }

        fourier.Transform();
        for (int block = 0; block < blocks; block++)
        {
            Span<float> some = sound.Slice(block * ShortSize, ShortSize);
            for (int i = 0; i < ShortQuarter; i++)
            {
                float real = fourier.Real[(i * Lanes) + block], imaginary = fourier.Imaginary[(i * Lanes) + block];
                some[2 * i] = (imaginary * cosines[i]) - (real * sines[i]);
                some[ShortSize - 1 - (2 * i)] = -(imaginary * sines[i]) - (real * cosines[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformLong(ReadOnlySpan<float> lines, int scale, Span<float> sound)
    {
        CeltFourier fourier = _transforms[scale];
        (float[] cosines, float[] sines) = Turns[scale];
        Span<float> realParts = fourier.Real, imaginaryParts = fourier.Imaginary;
        for (int i = 0; i < realParts.Length; i++)
        {
            float low = lines[2 * i], high = lines[^((2 * i) + 1)];
            realParts[i] = (low * cosines[i]) + (high * sines[i]);
            imaginaryParts[i] = (high * cosines[i]) - (low * sines[i]);
        }

        fourier.Transform();
        JoinLanes(fourier, Joints[scale]);
        realParts = fourier.Real;
        imaginaryParts = fourier.Imaginary;
        int last = lines.Length - 1, part = fourier.Size;
        for (int lane = 0; lane < Lanes; lane++)
        {
            // The transform across the lanes leaves its results in the order of reversed bits.
            int start = part * (((lane & 1) << 2) | (lane & 2) | (lane >> 2));
            for (int k = 0; k < part; k++)
            {
                int i = start + k;
                float real = realParts[(k * Lanes) + lane], imaginary = imaginaryParts[(k * Lanes) + lane];
                sound[2 * i] = (imaginary * cosines[i]) - (real * sines[i]);
                sound[last - (2 * i)] = -(imaginary * sines[i]) - (real * cosines[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void JoinLanes(CeltFourier fourier, (float[] Cosines, float[] Sines) joints)
    {
        const float Root = 0.707106781f;
        Vector256<float> halves = Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1), pairs = Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1), ones = Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1);
        Vector256<float> cosines8 = Vector256.Create(1f, 1, 1, 1, 1, Root, 0, -Root), sines8 = Vector256.Create(0f, 0, 0, 0, 0, -Root, -1, -Root);
        Vector256<float> cosines4 = Vector256.Create(1f, 1, 1, 0, 1, 1, 1, 0), sines4 = Vector256.Create(0f, 0, 0, -1, 0, 0, 0, -1);
        Span<float> realParts = fourier.Real, imaginaryParts = fourier.Imaginary;
        for (int i = 0; i < realParts.Length; i += Lanes)
        {
            Vector256<float> real = Vector256.Create<float>(realParts[i..]), imaginary = Vector256.Create<float>(imaginaryParts[i..]);
            (real, imaginary) = Turn(real, imaginary, Vector256.Create(joints.Cosines, i), Vector256.Create(joints.Sines, i));
            real = Vector256.Shuffle(real, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (real * halves);
            imaginary = Vector256.Shuffle(imaginary, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (imaginary * halves);
            (real, imaginary) = Turn(real, imaginary, cosines8, sines8);
            real = Vector256.Shuffle(real, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (real * pairs);
            imaginary = Vector256.Shuffle(imaginary, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (imaginary * pairs);
            (real, imaginary) = Turn(real, imaginary, cosines4, sines4);
            real = Vector256.Shuffle(real, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (real * ones);
            imaginary = Vector256.Shuffle(imaginary, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (imaginary * ones);
            real.CopyTo(realParts[i..]);
            imaginary.CopyTo(imaginaryParts[i..]);
        }
    }

    private static (Vector256<float> Real, Vector256<float> Imaginary) Turn(Vector256<float> real, Vector256<float> imaginary, Vector256<float> cosines, Vector256<float> sines) =>
        ((real * cosines) - (imaginary * sines), (real * sines) + (imaginary * cosines));

    private static float[] MakeWindow()
    {
        var window = new float[Overlap];
        for (int i = 0; i < window.Length; i++)
        {
            double sine = Math.Sin(Math.PI / 2 * (i + 0.5) / Overlap);
            window[i] = (float)Math.Sin(Math.PI / 2 * sine * sine);
        }

        return window;
    }

    private static (float[] Cosines, float[] Sines) MakeTurns(int size)
    {
        IEnumerable<double> angles = Enumerable.Range(0, size / 2).Select(i => Math.PI * (i + 0.125) / size);
        return ([.. angles.Select(angle => (float)Math.Cos(angle))], [.. angles.Select(angle => (float)Math.Sin(angle))]);
    }

    private static (float[] Cosines, float[] Sines) MakeJoints(int size)
    {
        IEnumerable<double> angles = Enumerable.Range(0, size).Select(i => -2 * Math.PI * (i / Lanes) * (i % Lanes) / size);
        return ([.. angles.Select(angle => (float)Math.Cos(angle))], [.. angles.Select(angle => (float)Math.Sin(angle))]);
    }
}
