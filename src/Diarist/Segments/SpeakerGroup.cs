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
    // A piece has its sum only when something is to be added to it: the sums of an hour's pieces are 5 MB that hardly anybody looks at.
    private ReadOnlyMemory<float> _vector;
    private double[]? _sum;

    private SpeakerGroup(double[] sum) => (_sum, Dimension) = (sum, sum.Length);

    private SpeakerGroup(ReadOnlyMemory<float> vector) => (_vector, Dimension) = (vector, vector.Length);

    /// <summary>S: the weighted sum of the pieces' unit vectors.</summary>
    public ReadOnlySpan<double> Sum => Own;

    /// <summary>The length of the sum.</summary>
    public int Dimension { get; }

    /// <summary>R: the weighted sum of what the pieces' lengths let one expect.</summary>
    public double Expected { get; private set; }

    /// <summary>W: the sum of the pieces' weights.</summary>
    public double Weight { get; private set; }

    /// <summary>D: seconds in which the person speaks alone.</summary>
    public double Seconds { get; private set; }

    private double[] Own
    {
        get
        {
            if (_sum is null)
            {
                double[] sum = new double[Dimension];
                CopySumTo(sum);
                _sum = sum;
            }

            return _sum;
        }
    }

    /// <summary>The bytes that <see cref="Write"/> needs: 1 048 for 256 values.</summary>
    public int ByteCount => (Dimension * sizeof(float)) + (3 * sizeof(double));

    /// <summary>The group of one piece.</summary>
    /// <param name="vector">Its unit vector, which stays as it is.</param>
    /// <param name="seconds">Seconds in which one person speaks alone.</param>
    /// <param name="model">How its length counts.</param>
    public static SpeakerGroup Of(ReadOnlyMemory<float> vector, double seconds, LikenessModel model)
    {
        double expected = model.Expected(seconds);
        double weight = model.Weight(expected);
        return new SpeakerGroup(vector) { Expected = weight * expected, Weight = weight, Seconds = seconds };
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
        for (int axis = 0; axis < Dimension; axis++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(axis * sizeof(float))..], (float)Own[axis]);
        }

        Span<byte> rest = bytes[(Dimension * sizeof(float))..];
        BinaryPrimitives.WriteDoubleLittleEndian(rest, Expected);
        BinaryPrimitives.WriteDoubleLittleEndian(rest[sizeof(double)..], Weight);
        BinaryPrimitives.WriteDoubleLittleEndian(rest[(2 * sizeof(double))..], Seconds);
    }

    /// <summary>A copy that joins do not change.</summary>
    public SpeakerGroup Copy()
    {
        double[] sum = new double[Dimension];
        CopySumTo(sum);
        return new SpeakerGroup(sum) { Expected = Expected, Weight = Weight, Seconds = Seconds };
    }

    /// <summary>Copies S.</summary>
    /// <param name="target">Receives <see cref="Dimension"/> values.</param>
    public void CopySumTo(Span<double> target)
    {
        if (_sum is not null)
        {
            _sum.CopyTo(target);
            return;
        }

        ReadOnlySpan<float> vector = _vector.Span;
        for (int axis = 0; axis < vector.Length; axis++)
        {
            target[axis] = vector[axis] * Weight;
        }
    }

    /// <summary>The same voice with another weight, and with other seconds.</summary>
    public SpeakerGroup Scaled(double factor, double seconds) =>
        new([.. Own.Select(value => value * factor)]) { Expected = Expected * factor, Weight = Weight * factor, Seconds = seconds };

    /// <summary>Adds another group to this one.</summary>
    public void Add(SpeakerGroup other)
    {
        other.AddSumTo(Own);
        Expected += other.Expected;
        Weight += other.Weight;
        Seconds += other.Seconds;
    }

    /// <summary>Adds S to a sum.</summary>
    public void AddSumTo(Span<double> target)
    {
        if (_sum is not null)
        {
            VectorMath.AddScaled(target, 1, _sum);
            return;
        }

        ReadOnlySpan<float> vector = _vector.Span;
        for (int axis = 0; axis < vector.Length; axis++)
        {
            target[axis] += vector[axis] * Weight;
        }
    }

    /// <summary>Overwrites the sums with zeros.</summary>
    public void Erase()
    {
        Array.Clear(Own);
        _vector = default;
        (Expected, Weight, Seconds) = (0, 0, 0);
    }

    /// <summary>What is left of this group without pieces that are in it.</summary>
    public SpeakerGroup Without(SpeakerGroup part)
    {
        SpeakerGroup rest = Copy();
        VectorMath.AddScaled(rest.Own, -1, part.Own);
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
    public double Dot(SpeakerGroup other) => VectorMath.Dot(Own, other.Own);

    /// <summary>The direction of the sum: the voice, of length 1; zeros when nothing was added.</summary>
    public double[] Centre()
    {
        double[] centre = [.. Own];
        VectorMath.ScaleToNorm(centre, 1);
        return centre;
    }
}
