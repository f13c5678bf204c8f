namespace Diarist.Networks.Pyannote;

/// <summary>
/// Sine and cosine in single precision with every step rounded, as ONNX Runtime's x64 builds compute the filters of PyanNet:
/// reduction by multiples of π/2 in four parts (Cody and Waite 1980), then a polynomial on [−π/4, π/4].
/// </summary>
/// <remarks>
/// The filters' arguments reach 393 radians and their differences are divided by arguments of 4e-4, so that the last bit of a
/// sine moves PyanNet's results by 1e-4 where a window holds little speech. Repeating the reference's rounding brings this
/// network as close to it as the order of its other sums allows; a correctly rounded sine does not. The coefficients are
/// those of Eigen's packet sine (<c>psincos_float</c>) on machines without fused multiply-add.
/// </remarks>
internal static class SinglePrecisionSine
{
    private const float TwoOverPi = 0.63661975f;

    /// <summary>−π/2 in parts of few bits: multiples of up to 25 000 are exact but for the last part.</summary>
    private static readonly float[] MinusHalfPi = [-1.5703125f, -0.00048398972f, 1.6286504e-7f, 5.5644316e-11f];

    /// <summary>sin x ≈ x + x³ (c₂ + c₁ x² + c₀ x⁴).</summary>
    private static readonly float[] SinePolynomial = [-0.0001959234f, 0.0083326865f, -0.16666663f];

    /// <summary>cos x ≈ 1 − x²/2 + x⁴ (c₂ + c₁ x² + c₀ x⁴).</summary>
    private static readonly float[] CosinePolynomial = [2.4372266e-5f, -0.001388652f, 0.04166662f, -0.5f, 1];

    /// <summary>The sine of an angle of up to 25 000 radians.</summary>
    public static float Sin(float angle)
    {
        (float reduced, int quadrant) = Reduce(MathF.Abs(angle));
        float value = (quadrant & 1) == 0 ? SineNearZero(reduced) : CosineNearZero(reduced);
        return (quadrant & 2) != 0 ^ angle < 0 ? -value : value;
    }

    /// <summary>The cosine of an angle of up to 25 000 radians.</summary>
    public static float Cos(float angle)
    {
        (float reduced, int quadrant) = Reduce(MathF.Abs(angle));
        float value = (quadrant & 1) == 1 ? SineNearZero(reduced) : CosineNearZero(reduced);
        return ((quadrant + 1) & 2) != 0 ? -value : value;
    }

    private static (float Reduced, int Quadrant) Reduce(float angle)
    {
        float quadrant = MathF.Round(angle * TwoOverPi);
        float reduced = angle;
        foreach (float part in MinusHalfPi)
        {
            reduced = (quadrant * part) + reduced;
        }

        return (reduced, (int)quadrant);
    }

    private static float SineNearZero(float x)
    {
        float square = x * x;
        return (Horner(SinePolynomial, square) * square * x) + x;
    }

    private static float CosineNearZero(float x) => Horner(CosinePolynomial, x * x);

    private static float Horner(float[] coefficients, float x)
    {
        float sum = coefficients[0];
        foreach (float coefficient in coefficients.AsSpan(1))
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
