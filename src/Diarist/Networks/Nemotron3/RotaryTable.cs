namespace Diarist.Networks.Nemotron3;

/// <summary>
/// Cosines and sines of the rotary embedding: angle = position · base^(−2i / head size), with both factors and the product in float32 as
/// the published network has them.
/// </summary>
internal sealed class RotaryTable
{
    /// <summary>Computes the table.</summary>
    /// <param name="headSize">Values of a head; value i turns together with value i + headSize / 2.</param>
    /// <param name="positions">Positions from 0 on.</param>
    /// <param name="rotaryBase">The base.</param>
    public RotaryTable(int headSize, int positions, double rotaryBase)
    {
        Half = headSize / 2;
        Frequencies = new float[Half];
        for (int i = 0; i < Half; i++)
        {
            Frequencies[i] = 1 / (float)Math.Pow(rotaryBase, 2 * i / (float)headSize);
        }

        Cosines = new float[positions * Half];
        Sines = new float[positions * Half];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < Half; i++)
            {
                (double sine, double cosine) = Math.SinCos(position * Frequencies[i]);
                Cosines[(position * Half) + i] = (float)cosine;
                Sines[(position * Half) + i] = (float)sine;
            }
        }
    }

    /// <summary>Pairs of a head.</summary>
    public int Half { get; }

    /// <summary>Radians a position, for each pair.</summary>
    public float[] Frequencies { get; }

    /// <summary>Shape (positions, pairs).</summary>
    public float[] Cosines { get; }

    /// <summary>Shape (positions, pairs).</summary>
    public float[] Sines { get; }
}
