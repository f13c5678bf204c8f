using Diarist.Segmentation;

namespace Diarist.Embedding;

/// <summary>One vector for every local speaker of every window: shape (windows, speakers, dimension), NaN where there is none.</summary>
public sealed class Embeddings
{
    private readonly float[] _values;

    /// <summary>Creates an array in which every vector is missing.</summary>
    /// <param name="windows">Windows, 0 or more.</param>
    /// <param name="dimension">The length of a vector.</param>
    /// <param name="speakers">Local speakers per window.</param>
    public Embeddings(int windows, int dimension, int speakers = SlidingWindow.LocalSpeakers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(windows);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(speakers, 1);
        Windows = windows;
        Dimension = dimension;
        Speakers = speakers;
        _values = new float[checked(windows * speakers * dimension)];
        _values.AsSpan().Fill(float.NaN);
    }

    /// <summary>The number of windows.</summary>
    public int Windows { get; }

    /// <summary>Local speakers per window.</summary>
    public int Speakers { get; }

    /// <summary>The length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The vector of one local speaker.</summary>
    public Span<float> this[int window, int speaker] => _values.AsSpan(((window * Speakers) + speaker) * Dimension, Dimension);

    /// <summary>The vectors of consecutive windows, shape (<paramref name="count"/>, speakers, dimension).</summary>
    public Span<float> Range(int window, int count) => _values.AsSpan(window * Speakers * Dimension, count * Speakers * Dimension);
}
