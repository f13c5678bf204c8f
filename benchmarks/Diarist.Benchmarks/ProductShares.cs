using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;

namespace Diarist.Benchmarks;

/// <summary>
/// The share of the processor's multiply-add peak that each part of a layer of Nemotron 3 reaches, on one thread and with the sizes of the true network.
/// The weights of ten layers are used in turn, so that they come from beyond the second-level cache as in a whole step.
/// <c>dotnet run -c Release --project benchmarks/Diarist.Benchmarks -- products [rows]</c>
/// </summary>
internal static class ProductShares
{
    private const int Layers = 10;

    public static void Run(int rows)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes16>(rows);
        }
        else
        {
            Run<Lanes8>(rows);
        }
    }

    private static unsafe void Run<V>(int rows)
        where V : unmanaged, ILanes<V>
    {
        var random = new Random(1);
        foreach ((string name, int inputs, int outputs, Epilogue epilogue) in new[]
        {
            ("queries, keys, values", 512, 1536, Epilogue.None), ("output", 512, 512, Epilogue.Add),
            ("widen", 512, 2048, Epilogue.None), ("widen, GELU", 512, 2048, Epilogue.Gelu), ("narrow", 2048, 512, Epilogue.Add),
        })
        {
            FloatLinear<V>[] layers = [.. Enumerable.Range(0, Layers).Select(_ => new FloatLinear<V>(inputs, outputs, (_, _) => random.NextSingle() - 0.5f, []))];
            foreach (int pad in new[] { 0, 16 })
            {
                int stride = inputs + pad, resultStride = outputs + pad;
                AlignedBuffer a = AlignedBuffer.Allocate(rows * stride), c = AlignedBuffer.Allocate(rows * resultStride);
                a.Span.Fill(0.01f);
                double best = double.MaxValue;
                for (int round = 0; round < 12; round++)
                {
                    long start = Stopwatch.GetTimestamp();
                    foreach (FloatLinear<V> layer in layers)
                    {
                        layer.Multiply(new LeftMatrix(a.Pointer, rows, inputs, stride), c.Pointer, resultStride, epilogue);
                    }

                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
                    if (epilogue == Epilogue.Add)
                    {
                        c.Span.Clear();
                    }
                }

                double rate = 2.0 * rows * inputs * outputs * Layers / best / 1e9, peak = Nemotron3Speed.Peak(1);
                Print($"{name,-22} pad {pad,2} {rate,6:0} of {peak:0} GFLOP/s {100 * rate / peak,4:0} %   {1e6 * best / Layers,7:0} us");
                GC.KeepAlive(a);
                GC.KeepAlive(c);
            }
        }

        if (VnniLanes.IsSupported)
        {
            Integers<V, VnniLanes>(rows, 512, 2048);
            Integers<V, VnniLanes>(rows, 2048, 512);
        }

        int frames = 4 * rows;
        var configuration = new Nemotron3Configuration();
        using var attention = new Attention<V>(configuration, new RotaryTable(64, 1024, 10000), frames);
        AlignedBuffer qkv = AlignedBuffer.Allocate(rows * 1536), context = AlignedBuffer.Allocate(rows * 528);
        double store = double.MaxValue, attend = double.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            foreach (ref float value in qkv.Span)
            {
                value = random.NextSingle() - 0.5f;
            }

            long start = Stopwatch.GetTimestamp();
            attention.Store(qkv.Pointer, round % 4 * rows, rows);
            store = Math.Min(store, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            attention.Attend(0, rows, frames, context.Pointer, 528);
            attend = Math.Min(attend, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        double products = 4.0 * rows * frames * 512 / attend / 1e9;
        Print($"attention {frames} frames {products,6:0} GFLOP/s {1e6 * attend,7:0} us; store {1e6 * store:0} us");
    }

    /// <summary>The parts of a product of Q8_0 weights in integers.</summary>
    private static unsafe void Integers<V, B>(int rows, int inputs, int outputs)
        where V : unmanaged, ILanes<V>
        where B : unmanaged, IByteLanes<B>
    {
        int blocks = inputs / 32, stride = inputs + 16;
        AlignedBuffer a = AlignedBuffer.Allocate(rows * stride), codes = AlignedBuffer.Allocate(rows * inputs / 4), scales = AlignedBuffer.Allocate(rows * blocks);
        AlignedBuffer weights = AlignedBuffer.Allocate(inputs * outputs / 32 * 34 / 4), memory = AlignedBuffer.Allocate(Q8Panel.Length(blocks));
        AlignedBuffer wide = AlignedBuffer.Allocate(inputs * 32), c = AlignedBuffer.Allocate(rows * 32);
        a.Span.Fill(0.01f);
        double quantize = double.MaxValue, fill = double.MaxValue, widen = double.MaxValue, multiply = double.MaxValue;
        for (int round = 0; round < 12; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Q8Product.Quantize<V, B>(a.Pointer, rows, inputs, stride, (byte*)codes.Pointer, scales.Pointer);
            quantize = Math.Min(quantize, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            Q8Panel panel = default;
            for (int column = 0; column < outputs; column += 32)
            {
                panel = Q8Panel.Fill((byte*)weights.Pointer + ((nint)column * blocks * 34), blocks, B.Offset, memory.Pointer);
            }

            fill = Math.Min(fill, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            for (int column = 0; column < outputs; column += 32)
            {
                Q8Widening.Fill(panel, 2 * V.Count, wide.Pointer);
            }

            widen = Math.Min(widen, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            for (int column = 0; column < outputs; column += 32)
            {
                Q8Product.Multiply<B>((byte*)codes.Pointer, scales.Pointer, rows, panel, c.Pointer, 32);
            }

            multiply = Math.Min(multiply, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        double rate = 2.0 * rows * inputs * outputs / multiply / 1e9, peak = Nemotron3Speed.Peak(1);
        Print($"integers {inputs} to {outputs}: quantize {1e6 * quantize:0} us, panels {1e6 * fill:0} us, widen {1e6 * widen:0} us, multiply {1e6 * multiply:0} us = {rate:0} of {peak:0} GOP/s {100 * rate / peak:0} %");
        foreach (AlignedBuffer buffer in new[] { a, codes, scales, weights, memory, wide, c })
        {
            GC.KeepAlive(buffer);
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
