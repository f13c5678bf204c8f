using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class VectorMathTests(ITestOutputHelper output)
{
    private interface IFunction
    {
        static abstract V Apply<V>(V x)
            where V : unmanaged, ILanes<V>;
    }

    [Fact]
    public void The_exponential_is_exact_to_two_parts_in_ten_million() =>
        Check<Exp>(Math.Exp, -87, 87, (actual, expected) => Math.Abs(actual - expected) / expected, 2e-7);

    [Fact]
    public void The_exponential_stays_at_its_ends()
    {
        float[] ends = Apply<Exp>(LaneWidths.Widest, [-1000, float.NegativeInfinity, 1000, float.PositiveInfinity]);
        Assert.All(ends[..2], value => Assert.InRange(value, 1e-38f, 2e-38f));
        Assert.All(ends[2..], value => Assert.InRange(value, 5e37f, 7e37f));
    }

    [Fact]
    public void The_sigmoid_is_exact_to_two_units_of_float32() => Check<Sigmoid>(SlowLstm.Sigmoid, -100, 100, (actual, expected) => Math.Abs(actual - expected), 1.5e-7);

    [Fact]
    public void The_hyperbolic_tangent_is_exact_to_three_units_of_float32() => Check<Tanh>(Math.Tanh, -50, 50, (actual, expected) => Math.Abs(actual - expected), 2e-7);

    private void Check<TFunction>(Func<double, double> exact, float from, float to, Func<double, double, double> error, double bound)
        where TFunction : IFunction
    {
        // A fine grid over everything, and a finer one around 0.
        float[] x = [.. Enumerable.Range(0, 200_003).Select(i => from + ((to - from) * i / 200_002)), .. Enumerable.Range(-50_000, 100_001).Select(i => i * 4e-5f)];
        float[]? first = null;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            float[] y = Apply<TFunction>(width, x);
            double worst = 0;
            for (int i = 0; i < x.Length; i++)
            {
                worst = Math.Max(worst, error(y[i], exact(x[i])));
            }

            output.WriteLine($"{typeof(TFunction).Name} {width}: max error {worst:e2}");
            Assert.True(worst <= bound, $"{width}: {worst}");
            first ??= y;
            Assert.True(!System.Runtime.Intrinsics.X86.Fma.IsSupported || y.AsSpan().SequenceEqual(first), $"{width} differs from scalar code");
        }
    }

    private static float[] Apply<TFunction>(LaneWidth width, float[] x)
        where TFunction : IFunction
    {
        // Padded with the last value to whole vectors of the widest kind.
        float[] padded = [.. x, .. Enumerable.Repeat(x[^1], 16)], y = new float[padded.Length];
        fixed (float* source = padded, destination = y)
        {
            width.Run(new Loop<TFunction>(source, destination, x.Length));
        }

        return y[..x.Length];
    }

    private readonly struct Loop<TFunction>(float* source, float* destination, int count) : ILaneOperation
        where TFunction : IFunction
    {
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            for (int i = 0; i < count; i += V.Count)
            {
                V.Store(TFunction.Apply(V.Load(source + i)), destination + i);
            }
        }
    }

    private readonly struct Exp : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => VectorMath.Exp(x);
    }

    private readonly struct Sigmoid : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Broadcast(1f) / (V.Broadcast(1f) + VectorMath.Exp2(VectorMath.Exponent(x, -VectorMath.Log2E)));
    }

    private readonly struct Tanh : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V>
        {
            V e = VectorMath.Exp2(VectorMath.Exponent(x, -2 * VectorMath.Log2E));
            return (V.Broadcast(1f) - e) / (V.Broadcast(1f) + e);
        }
    }
}
