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
        7.1191f, 10.6152f, 10.8203f, 6.9766f, 12.3340f, 10.7344f, 13.6719f, 8.4766f,
        9.9258f, 7.8672f, 11.4219f, 7.1582f, 12.8320f, 6.4336f, 13.6191f, 3.8125f,
        5.4297f, 2.7480f, 6.0859f, 2.8281f, 7.0391f, 3.6504f, 6.3574f, 3.5410f,
        8.2813f, 3.9355f, 8.2852f, 4.5137f, 4.2695f, 3.1641f, 4.7910f, 6.3125f,
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
