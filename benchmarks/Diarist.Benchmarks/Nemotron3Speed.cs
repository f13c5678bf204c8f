using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Benchmarks;

/// <summary>
/// Steps of the true-size Nemotron 3 network with random weights, once the speaker cache is full: float32, Q8_0 widened, Q8_0 in integers.
/// <c>dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- nemotron3 [threads]</c>
/// </summary>
internal static class Nemotron3Speed
{
    /// <summary>Multiply-adds of the linear layers for a frame, head included.</summary>
    private const double FrameProducts = 98.7e6;

    public static void Run(int threads)
    {
        double peak = Peak(threads);
        Print($"{threads} threads, {LaneWidths.Widest}; multiply-add peak {peak:0} GFLOP/s");
        var shapes = new RandomSource();
        Nemotron3Layers.Bind<Lane1>(new RandomSource(shapes.Shapes, bind: false));
        Measure("float32", Nemotron3Network.Create(new RandomSource([], bind: true), threads), peak);
        string path = Path.Combine(Path.GetTempPath(), $"diarist-nemotron3-{Environment.ProcessId}.gguf");
        try
        {
            File.WriteAllBytes(path, Gguf(shapes.Shapes));
            Measure("Q8_0 widened", Nemotron3Network.Load(path, threads, Q8Arithmetic.Widened), peak);
            Measure("Q8_0 integers", Nemotron3Network.Load(path, threads, Q8Arithmetic.Integer), peak);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Measure(string name, Nemotron3Network network, double peak)
    {
        foreach ((string profile, Nemotron3Profile sizes, int frames) in new[] { ("offline", Nemotron3Profile.Offline, 684), ("live32", Nemotron3Profile.Live32, 0) })
        {
            // The FIFO of the live profile is full in every second step.
            double chunkSeconds = sizes.Chunk * Nemotron3Profile.FrameDuration;
            var noise = new Random(1);
            float[] samples = [.. Enumerable.Range(0, (int)(chunkSeconds * 16000)).Select(_ => (float)(noise.NextDouble() - 0.5))];
            Nemotron3State state = network.Begin(sizes);
            Stopwatch clock = new();
            double seconds = 0, products = 0;
            int wanted = frames > 0 ? 2 : 6;
            long before = state.NextFrame;
            for (int step = 0; clock.Elapsed.TotalSeconds < 6 && (int)(seconds / chunkSeconds) < wanted; step++)
            {
                bool full = state.CacheOrigins.Length == network.Configuration.CacheFrames;
                int whole = (state.CacheOrigins.Length * 1) + (state.Fifo.Length / network.Configuration.Hidden) + sizes.Chunk + sizes.LookAhead;
                if (full)
                {
                    clock.Start();
                }

                network.Push(state, samples, _ => { });
                clock.Stop();
                if (full && state.NextFrame > before)
                {
                    seconds += chunkSeconds;
                    products += whole * (FrameProducts + (2.0 * 31 * whole * 512));
                }

                before = state.NextFrame;
            }

            double rate = 2 * products / clock.Elapsed.TotalSeconds / 1e9;
            Print($"{name,-14} {profile,-8} {seconds / clock.Elapsed.TotalSeconds,6:0.0} x real time  {rate,6:0} GFLOP/s  {100 * rate / peak,4:0} % of the peak");
        }
    }

    /// <summary>What the processor does when nothing but multiply-adds on registers is asked of it.</summary>
    internal static double Peak(int threads)
    {
        const int loops = 30_000_000;
        Spin(loops / 10);
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Spin(loops));
        return (double)threads * loops * 12 * 2 * (Vector512.IsHardwareAccelerated ? 16 : 8) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Spin(int loops) => Vector512.IsHardwareAccelerated ? Spin<Lanes16>(loops) : Spin<Lanes8>(loops);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Spin<V>(int loops)
        where V : unmanaged, ILanes<V>
    {
        V x = V.Broadcast(0.999f), y = V.Broadcast(0.001f);
        V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int n = 0; n < loops; n++)
        {
            a = V.MultiplyAdd(a, x, y);
            b = V.MultiplyAdd(b, x, y);
            c = V.MultiplyAdd(c, x, y);
            d = V.MultiplyAdd(d, x, y);
            e = V.MultiplyAdd(e, x, y);
            f = V.MultiplyAdd(f, x, y);
            g = V.MultiplyAdd(g, x, y);
            h = V.MultiplyAdd(h, x, y);
            i = V.MultiplyAdd(i, x, y);
            j = V.MultiplyAdd(j, x, y);
            k = V.MultiplyAdd(k, x, y);
            l = V.MultiplyAdd(l, x, y);
        }

        float* values = stackalloc float[16];
        V.Store(a + b + c + d + e + f + g + h + i + j + k + l, values);
        return values[0];
    }

    private static byte[] Gguf(Dictionary<string, int[]> shapes)
    {
        var random = new Random(2);
        GgufWriter writer = new GgufWriter().Nemotron3Keys();
        writer.Tensor("preprocessor.fb", [128, 257], "F32", Nemotron3FrontEnd.SlaneyBank());
        foreach ((string name, int[] shape) in shapes)
        {
            int count = shape.Aggregate(1, (product, extent) => product * extent);
            float scale = shape.Length > 1 ? 1 / MathF.Sqrt(shape[1]) : 0.1f;
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * scale)];
            bool q8 = shape.Length == 2 && !name.StartsWith("head.", StringComparison.Ordinal);
            writer.Tensor(name, shape, q8 ? "Q8_0" : shape.Length == 3 ? "F16" : "F32", values);
        }

        return writer.ToArray();
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Random weights, and what a network asks for.</summary>
    private sealed class RandomSource(Dictionary<string, int[]>? shapes = null, bool bind = false) : INemotron3Source
    {
        private readonly Random _random = new(3);

        public Dictionary<string, int[]> Shapes { get; } = shapes ?? [];

        public Nemotron3Configuration Configuration { get; } = new();

        public float[] FilterBank { get; } = Nemotron3FrontEnd.SlaneyBank();

        public float[] Values(string name, params ReadOnlySpan<int> shape)
        {
            Shapes[name] = shape.ToArray();
            return [.. Enumerable.Range(0, shape.ToArray().Aggregate(1, (product, extent) => product * extent)).Select(_ => (_random.NextSingle() - 0.5f) * 0.1f)];
        }

        public LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
            where V : unmanaged, ILanes<V>
        {
            Shapes[name + ".weight"] = [outputs, inputs];
            float[] biases = bias ? Values(name + ".bias", outputs) : [];
            float scale = 1 / MathF.Sqrt(inputs);
            return bind ? new FloatLinear<V>(inputs, outputs, (_, _) => (_random.NextSingle() - 0.5f) * scale, biases) : new FloatLinear<V>(1, 1, (_, _) => 0, []);
        }
    }
}
