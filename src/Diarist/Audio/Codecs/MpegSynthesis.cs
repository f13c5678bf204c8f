using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Makes samples of the subband samples of one channel (ISO/IEC 11172-3, section 2.4.3.2.2): 32 at a time become 64 values, and a
/// window over the last 16 such rows gives 32 samples. All sums have the same order on every machine.
/// </summary>
internal sealed class MpegSynthesis
{
    private const int Rows = 16, Row = 64, Samples = MpegHybrid.Subbands;

    private static readonly float[] Matrix = MakeMatrix(), Window = MakeWindow();

    private readonly float[] _rows = new float[Rows * Row];
    private int _newest;

    // Table B.3 of the standard up to its middle, in 1/65536; the second half mirrors it.
    private static ReadOnlySpan<int> WindowValues =>
    [
        0, -1, -1, -1, -1, -1, -1, -2, -2, -2, -2, -3, -3, -4, -4, -5, -5, -6, -7, -7, -8, -9, -10, -11, -13, -14, -16, -17, -19, -21, -24, -26, -29, -31,
        -35, -38, -41, -45, -49, -53, -58, -63, -68, -73, -79, -85, -91, -97, -104, -111, -117, -125, -132, -139, -147, -154, -161, -169, -176, -183, -190,
        -196, -202, -208, 213, 218, 222, 225, 227, 228, 228, 227, 224, 221, 215, 208, 200, 189, 177, 163, 146, 127, 106, 83, 57, 29, -2, -36, -72, -111,
        -153, -197, -244, -294, -347, -401, -459, -519, -581, -645, -711, -779, -848, -919, -991, -1064, -1137, -1210, -1283, -1356, -1428, -1498, -1567,
        -1634, -1698, -1759, -1817, -1870, -1919, -1962, -2001, -2032, -2057, -2075, -2085, -2087, -2080, -2063, 2037, 2000, 1952, 1893, 1822, 1739, 1644,
        1535, 1414, 1280, 1131, 970, 794, 605, 402, 185, -45, -288, -545, -814, -1095, -1388, -1692, -2006, -2330, -2663, -3004, -3351, -3705, -4063, -4425,
        -4788, -5153, -5517, -5879, -6237, -6589, -6935, -7271, -7597, -7910, -8209, -8491, -8755, -8998, -9219, -9416, -9585, -9727, -9838, -9916, -9959,
        -9966, -9935, -9863, -9750, -9592, -9389, -9139, -8840, -8492, -8092, -7640, -7134, 6574, 5959, 5288, 4561, 3776, 2935, 2037, 1082, 70, -998, -2122,
        -3300, -4533, -5818, -7154, -8540, -9975, -11455, -12980, -14548, -16155, -17799, -19478, -21189, -22929, -24694, -26482, -28289, -30112, -31947,
        -33791, -35640, -37489, -39336, -41176, -43006, -44821, -46617, -48390, -50137, -51853, -53534, -55178, -56778, -58333, -59838, -61289, -62684,
        -64019, -65290, -66494, -67629, -68692, -69679, -70590, -71420, -72169, -72835, -73415, -73908, -74313, -74630, -74856, -74992, 75038,
    ];

    /// <summary>Computes the samples of a granule.</summary>
    /// <param name="subbands">Its subband samples, as <see cref="MpegHybrid.Apply"/> delivers them.</param>
    /// <param name="used">The number of subbands that are not silent.</param>
    /// <param name="samples">Receives 576 samples.</param>
    public void Apply(float[] subbands, int used, Span<float> samples)
    {
        for (int slot = 0; slot < MpegHybrid.Slots; slot++)
        {
            _newest = (_newest + Rows - 1) % Rows;
            FillRow(subbands.AsSpan(slot), used, _rows.AsSpan(_newest * Row, Row));
            SumRows(_rows, _newest, samples.Slice(slot * Samples, Samples));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillRow(ReadOnlySpan<float> subbands, int used, Span<float> row)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        ReadOnlySpan<float> weights = Matrix;
        for (int subband = 0; subband < used; subband++)
        {
            Vector256<float> value = Vector256.Create(subbands[subband * MpegHybrid.Stride]);
            s0 += value * Vector256.Create(weights);
            s1 += value * Vector256.Create(weights[8..]);
            s2 += value * Vector256.Create(weights[16..]);
            s3 += value * Vector256.Create(weights[24..]);
            s4 += value * Vector256.Create(weights[32..]);
            s5 += value * Vector256.Create(weights[40..]);
            s6 += value * Vector256.Create(weights[48..]);
            s7 += value * Vector256.Create(weights[56..]);
            weights = weights[Row..];
        }

        s0.CopyTo(row);
        s1.CopyTo(row[8..]);
        s2.CopyTo(row[16..]);
        s3.CopyTo(row[24..]);
        s4.CopyTo(row[32..]);
        s5.CopyTo(row[40..]);
        s6.CopyTo(row[48..]);
        s7.CopyTo(row[56..]);
    }

    // Of each second row, beginning with the newest, the first half counts, of the others the second half.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(ReadOnlySpan<float> rows, int newest, Span<float> samples)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        ReadOnlySpan<float> window = Window;
        for (int age = 0; age < Rows; age++)
        {
            ReadOnlySpan<float> half = rows.Slice(((newest + age) % Rows * Row) + ((age & 1) * Samples), Samples), weights = window.Slice(age * Samples, Samples);
            s0 += Vector256.Create(half) * Vector256.Create(weights);
            s1 += Vector256.Create(half[8..]) * Vector256.Create(weights[8..]);
            s2 += Vector256.Create(half[16..]) * Vector256.Create(weights[16..]);
            s3 += Vector256.Create(half[24..]) * Vector256.Create(weights[24..]);
        }

        s0.CopyTo(samples);
        s1.CopyTo(samples[8..]);
        s2.CopyTo(samples[16..]);
        s3.CopyTo(samples[24..]);
    }

    private static float[] MakeMatrix()
    {
        var matrix = new float[MpegHybrid.Subbands * Row];
        for (int subband = 0; subband < MpegHybrid.Subbands; subband++)
        {
            for (int i = 0; i < Row; i++)
            {
                matrix[(subband * Row) + i] = (float)Math.Cos(Math.PI / 64 * (16 + i) * ((2 * subband) + 1));
            }
        }

        return matrix;
    }

    private static float[] MakeWindow()
    {
        ReadOnlySpan<int> values = WindowValues;
        var window = new float[512];
        for (int i = 0; i < window.Length; i++)
        {
            int value = i <= 256 ? values[i] : i % 64 == 0 ? values[512 - i] : -values[512 - i];
            window[i] = value / 65536f;
        }

        return window;
    }
}
