using Diarist.Inference.Kernels;

namespace Diarist.Segments;

/// <summary>Pieces with what was heard in them: a unit vector each over the trunk frames with one speaker.</summary>
internal sealed class PieceVectors
{
    private readonly float[] _vectors;

    /// <summary>Creates the pieces without vectors.</summary>
    /// <param name="pieces">The pieces, in order.</param>
    /// <param name="dimension">The length of a vector.</param>
    public PieceVectors(Piece[] pieces, int dimension)
    {
        Pieces = pieces;
        Dimension = dimension;
        _vectors = LargePages.Zeros<float>(checked(pieces.Length * dimension));
        Seconds = new double[pieces.Length];
        Voiced = new bool[pieces.Length];
    }

    /// <summary>The number of pieces.</summary>
    public int Count => Pieces.Length;

    /// <summary>The length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The pieces, in order.</summary>
    public Piece[] Pieces { get; }

    /// <summary>Seconds of each piece in which one person speaks alone.</summary>
    public double[] Seconds { get; }

    /// <summary>Whether a piece has a vector: one trunk frame or more with one speaker.</summary>
    public bool[] Voiced { get; }

    /// <summary>The vectors of consecutive pieces, shape (<paramref name="count"/>, dimension).</summary>
    public Span<float> this[int piece, int count] => _vectors.AsSpan(piece * Dimension, count * Dimension);

    /// <summary>The unit vector of a piece, to be kept.</summary>
    public ReadOnlyMemory<float> Vector(int piece) => _vectors.AsMemory(piece * Dimension, Dimension);

    /// <summary>The unit vector of a piece; zeros where it has none.</summary>
    public Span<float> this[int piece] => _vectors.AsSpan(piece * Dimension, Dimension);
}
