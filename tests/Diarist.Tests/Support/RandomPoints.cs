using Diarist.Numerics;

namespace Diarist.Tests.Support;

/// <summary>Seeded vectors for tests of clustering.</summary>
internal static class RandomPoints
{
    /// <summary>Unit vectors of independent normal elements.</summary>
    public static PointSet Unit(int seed, int count, int dimension) => Voices(seed, count, dimension, voices: 0, noise: 1).Points.Normalized();

    /// <summary>Vectors around the given number of voices, each voice drawn at random; without voices, noise alone.</summary>
    public static (PointSet Points, int[] Voices) Voices(int seed, int count, int dimension, int voices, double noise)
    {
        var random = new Random(seed);
        var centres = new double[voices * dimension];
        for (int index = 0; index < centres.Length; index++)
        {
            centres[index] = Normal(random);
        }

        var points = new PointSet(count, dimension);
        var labels = new int[count];
        for (int index = 0; index < count; index++)
        {
            labels[index] = voices == 0 ? 0 : random.Next(voices);
            for (int axis = 0; axis < dimension; axis++)
            {
                double centre = voices == 0 ? 0 : centres[(labels[index] * dimension) + axis];
                points[index][axis] = centre + (noise * Normal(random));
            }
        }

        return (points, labels);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
