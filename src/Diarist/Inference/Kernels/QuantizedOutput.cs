using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Where the results of a quantized layer go and what is added to them: y = max(v [+ residual], 0) when it is written as bytes, in
/// units of the output's step, rounded to the nearest and held at 255; v [+ residual] with an activation when as floats.
/// Every operation rounds once and in one order, so all instructions give the same bytes.
/// </summary>
/// <param name="bytes">Receives bytes, or null.</param>
/// <param name="floats">Receives floats where <paramref name="bytes"/> is null.</param>
/// <param name="residualBytes">What is added, or null.</param>
/// <param name="residualSteps">The residual's step of each channel in units of the output's; null where no bytes are added.</param>
/// <param name="residualFloats">What is added as it is, or null.</param>
/// <param name="slope">The activation's slope for negative values where floats are written: 0 is ReLU, 1 none.</param>
internal readonly unsafe struct QuantizedOutput(
    ByteMap? bytes, FeatureMap? floats, ByteMap? residualBytes, float* residualSteps, FeatureMap? residualFloats, float slope)
{
    private readonly float* _residualSteps = residualSteps;
    private readonly float _slope = slope;

    /// <summary>Rows of the output.</summary>
    public int Height => bytes?.Height ?? floats!.Height;

    /// <summary>Columns of the output.</summary>
    public int Width => bytes?.Width ?? floats!.Width;

    /// <summary>Channels of the output.</summary>
    public int Channels => bytes?.Channels ?? floats!.Channels;

    /// <summary>The place of a position.</summary>
    public Place At(int y, int x) => new(
        bytes is null ? null : bytes.At(y, x),
        floats is null ? null : floats.At(y, x),
        residualBytes is null ? null : residualBytes.At(y, x),
        residualFloats is null ? null : residualFloats.At(y, x));

    /// <summary>Values from one row to the next of the output and the residual.</summary>
    public (nint Output, nint Residual) RowStrides =>
        (bytes?.RowStride ?? floats!.RowStride, residualBytes?.RowStride ?? residualFloats?.RowStride ?? 0);

    /// <summary>Writes one vector of results.</summary>
    /// <param name="value">The results in units of the output's step, bias included.</param>
    /// <param name="place">The position.</param>
    /// <param name="channel">The vector's first channel.</param>
    /// <param name="output">Values from the place to the vector's first in the output.</param>
    /// <param name="residual">The same in the residual.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<V>(V value, in Place place, nint channel, nint output, nint residual)
        where V : unmanaged, ILanes<V>
    {
        if (place.ResidualBytes != null)
        {
            value += V.LoadBytes(place.ResidualBytes + residual) * V.Load(_residualSteps + channel);
        }
        else if (place.ResidualFloats != null)
        {
            value += V.Load(place.ResidualFloats + residual);
        }

        if (place.Bytes != null)
        {
            V rounded = V.Max(value, V.Zero) + V.Broadcast(0.5f);
            V.StoreBytes(V.Min(rounded, V.Broadcast(255f)), place.Bytes + output);
        }
        else
        {
            V.Store(V.Max(value, value * V.Broadcast(_slope)), place.Floats + output);
        }
    }

    /// <summary>One position in all maps; null where there is no such map.</summary>
    public readonly struct Place(byte* bytes, float* floats, byte* residualBytes, float* residualFloats)
    {
        public readonly byte* Bytes = bytes;
        public readonly float* Floats = floats;
        public readonly byte* ResidualBytes = residualBytes;
        public readonly float* ResidualFloats = residualFloats;
    }
}
