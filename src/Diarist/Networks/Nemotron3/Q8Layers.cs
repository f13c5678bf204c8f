using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>The table of what multiplies Q8_0 weights on which processor.</summary>
internal static class Q8Layers
{
    /// <summary>
    /// Whether integers are faster than widened weights here: four products of bytes in one instruction beat float32. With products of pairs only
    /// (AVX2, AVX-512BW) a multiplication and an addition do as many products as two float32 multiply-adds, and the scales come on top.
    /// </summary>
    public static bool IntegersAreFaster => VnniLanes.IsSupported || ArmDotLanes.IsSupported;

    /// <summary>Makes a layer.</summary>
    public static LinearLayer Create<V>(Q8Weights weights, Q8Arithmetic arithmetic)
        where V : unmanaged, ILanes<V>
    {
        bool integers = arithmetic == Q8Arithmetic.Integer || (arithmetic == Q8Arithmetic.Fastest && IntegersAreFaster);
        return !integers ? new Q8WidenedLinear<V>(weights)
            : VnniLanes.IsSupported ? new Q8IntegerLinear<V, VnniLanes>(weights)
            : ByteLanes16.IsSupported ? new Q8IntegerLinear<V, ByteLanes16>(weights)
            : ByteLanes8.IsSupported ? new Q8IntegerLinear<V, ByteLanes8>(weights)
            : ArmDotLanes.IsSupported ? new Q8IntegerLinear<V, ArmDotLanes>(weights)
            : new Q8IntegerLinear<V, ByteLane1>(weights);
    }
}
