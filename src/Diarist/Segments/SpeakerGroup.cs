using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// Pieces of one person as sums: with r and w of <see cref="LikenessModel"/> for each piece, S = Σ w·z, R = Σ w·r, W = Σ w and D = Σ d. Joining
/// two groups adds their sums; likeness is the average over all pairs of pieces, weighted by what their lengths can
/// tell, without the pairs. A piece is a group of one.
/// </summary>
internal sealed class SpeakerGroup
{
    private readonly double[] _sum;

    private SpeakerGroup(double[] sum) => _sum = sum;

    /// <summary>S: the weighted sum of the pieces' unit vectors.</summary>
    public ReadOnlySpan<double> Sum => _sum;

    /// <summary>R: the weighted sum of what the pieces' lengths let one expect.</summary>
    public double Expected { get; private set; }

    /// <summary>W: the sum of the pieces' weights.</summary>
    public double Weight { get; private set; }

    /// <summary>D: seconds in which the person speaks alone.</summary>
    public double Seconds { get; private set; }

    /// <summary>The bytes that <see cref="Write"/> needs: 1 048 for 256 values.</summary>
    public int ByteCount => (_sum.Length * sizeof(float)) + (3 * sizeof(double));

    /// <summary>The group of one piece.</summary>
    /// <param name="vector">Its unit vector.</param>
    /// <param name="seconds">Seconds in which one person speaks alone.</param>
    /// <param name="model">How its length counts.</param>
    public static SpeakerGroup Of(ReadOnlySpan<float> vector, double seconds, LikenessModel model)
    {
        double expected = model.Expected(seconds);
        double weight = model.Weight(expected);
        var sum = new double[vector.Length];
        for (int axis = 0; axis < sum.Length; axis++)
        {
            sum[axis] = vector[axis] * weight;
        }

        return new SpeakerGroup(sum) { Expected = weight * expected, Weight = weight, Seconds = seconds };
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static SpeakerGroup Read(ReadOnlySpan<byte> bytes)
    {
        var sum = new double[(bytes.Length - (3 * sizeof(double))) / sizeof(float)];
        for (int axis = 0; axis < sum.Length; axis++)
        {
            sum[axis] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(axis * sizeof(float))..]);
        }

        ReadOnlySpan<byte> rest = bytes[(sum.Length * sizeof(float))..];
        return new SpeakerGroup(sum)
        {
            Expected = BinaryPrimitives.ReadDoubleLittleEndian(rest),
            Weight = BinaryPrimitives.ReadDoubleLittleEndian(rest[sizeof(double)..]),
            Seconds = BinaryPrimitives.ReadDoubleLittleEndian(rest[(2 * sizeof(double))..]),
        };
    }

    /// <summary>The sums as bytes, little-endian: S in float32, then R, W and D in float64.</summary>
    /// <param name="bytes">Receives <see cref="ByteCount"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        for (int axis = 0; axis < _sum.Length; axis++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(axis * sizeof(float))..], (float)_sum[axis]);
        }

        Span<byte> rest = bytes[(_sum.Length * sizeof(float))..];
        BinaryPrimitives.WriteDoubleLittleEndian(rest, Expected);
        BinaryPrimitives.WriteDoubleLittleEndian(rest[sizeof(double)..], Weight);
        BinaryPrimitives.WriteDoubleLittleEndian(rest[(2 * sizeof(double))..], Seconds);
    }

    /// <summary>A copy that joins do not change.</summary>
    public SpeakerGroup Copy() => new([.. _sum]) { Expected = Expected, Weight = Weight, Seconds = Seconds };

    /// <summary>The same voice with another weight, and with other seconds.</summary>
    public SpeakerGroup Scaled(double factor, double seconds) =>
        new([.. _sum.Select(value => value * factor)]) { Expected = Expected * factor, Weight = Weight * factor, Seconds = seconds };

    /// <summary>Adds another group to this one.</summary>
    public void Add(SpeakerGroup other)
    {
        VectorMath.AddScaled(_sum, 1, other._sum);
        Expected += other.Expected;
        Weight += other.Weight;
        Seconds += other.Seconds;
    }

    /// <summary>Overwrites the sums with zeros.</summary>
    public void Erase()
    {
        Array.Clear(_sum);
        (Expected, Weight, Seconds) = (0, 0, 0);
    }

    /// <summary>What is left of this group without pieces that are in it.</summary>
    public SpeakerGroup Without(SpeakerGroup part)
    {
        SpeakerGroup rest = Copy();
        VectorMath.AddScaled(rest._sum, -1, part._sum);
        rest.Expected -= part.Expected;
        rest.Weight -= part.Weight;
        rest.Seconds -= part.Seconds;
        return rest;
    }

    /// <summary>How alike two groups are: 1 for one person, 0 for two, whatever they hold.</summary>
    public double Likeness(SpeakerGroup other, LikenessModel model) => model.Of(Dot(other), Expected * other.Expected, Weight * other.Weight);

    /// <summary>S·S'.</summary>
    /// <remarks>Not part of its callers: the sums depend on the processor, so callers with it inside could not be compiled ahead.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public double Dot(SpeakerGroup other) => VectorMath.Dot(_sum, other._sum);

    /// <summary>S·S' of two groups with four others: of the first with each, then of the second.</summary>
    public static void Dots(ReadOnlySpan<SpeakerGroup> left, ReadOnlySpan<SpeakerGroup> right, Span<double> dots) =>
        VectorMath.Dots([left[0]._sum, left[1]._sum], [right[0]._sum, right[1]._sum, right[2]._sum, right[3]._sum], dots);

    /// <summary>The direction of the sum: the voice, of length 1; zeros when nothing was added.</summary>
    public double[] Centre()
    {
        double[] centre = [.. _sum];
        VectorMath.ScaleToNorm(centre, 1);
        return centre;
    }
}
