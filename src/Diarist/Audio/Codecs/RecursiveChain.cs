using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Filters of first order: each value of a chain has a part of the one before it. Eight at once are found by adding neighbours at distances of 1, 2 and 4, in the same
/// order on every machine.
/// </summary>
internal static class RecursiveChain
{
    private const int Lanes = 8;

    // Keeps values away from numbers so small that processors are slow with them.
    private const float Tiny = 1e-30f;

    /// <summary>Computes <c>chain[i] = own * values[i] + before * chain[i - 1]</c> from the start.</summary>
    /// <param name="values">The values.</param>
    /// <param name="chain">Receives the chain, as many values.</param>
    /// <param name="own">The part of each value.</param>
    /// <param name="before">The part of the one before it in the chain.</param>
    /// <param name="last">The one before the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Up(ReadOnlySpan<float> values, Span<float> chain, float own, float before, float last)
    {
        float two = before * before, four = two * two;
        Vector256<float> tiny = Vector256.Create(Tiny), lasts = Vector256.Create(last);
        Vector256<float> powers = Vector256.Create(before, two, two * before, four, four * before, four * two, four * two * before, four * four);
        int i = 0;
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            Vector256<float> value = (own * Vector256.Create(values[i..])) + tiny;
            value += before * Vector256.Shuffle(value, Vector256.Create(-1, 0, 1, 2, 3, 4, 5, 6));
            value += two * Vector256.Shuffle(value, Vector256.Create(-1, -1, 0, 1, 2, 3, 4, 5));
            value += four * Vector256.Shuffle(value, Vector256.Create(-1, -1, -1, -1, 0, 1, 2, 3));
            value += lasts * powers;
            value.CopyTo(chain[i..]);
            lasts = Vector256.Shuffle(value, Vector256.Create(Lanes - 1));
        }

        last = lasts[0];
        for (; i < values.Length; i++)
        {
            last = (own * values[i]) + Tiny + (before * last);
            chain[i] = last;
        }
    }

    /// <summary>Computes <c>chain[i] = own * values[i] + before * chain[i + 1]</c> from the end.</summary>
    /// <param name="values">The values.</param>
    /// <param name="chain">Receives the chain, as many values.</param>
    /// <param name="own">The part of each value.</param>
    /// <param name="before">The part of the one behind it in the chain.</param>
    /// <param name="last">The one behind the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Down(ReadOnlySpan<float> values, Span<float> chain, float own, float before, float last)
    {
        float two = before * before, four = two * two;
        Vector256<float> tiny = Vector256.Create(Tiny), lasts = Vector256.Create(last);
        Vector256<float> powers = Vector256.Create(four * four, four * two * before, four * two, four * before, four, two * before, two, before);
        int i = values.Length;
        for (; i >= Lanes; i -= Lanes)
        {
            Vector256<float> value = (own * Vector256.Create(values[(i - Lanes)..])) + tiny;
            value += before * Vector256.Shuffle(value, Vector256.Create(1, 2, 3, 4, 5, 6, 7, -1));
            value += two * Vector256.Shuffle(value, Vector256.Create(2, 3, 4, 5, 6, 7, -1, -1));
            value += four * Vector256.Shuffle(value, Vector256.Create(4, 5, 6, 7, -1, -1, -1, -1));
            value += lasts * powers;
            value.CopyTo(chain[(i - Lanes)..]);
            lasts = Vector256.Shuffle(value, Vector256.Create(0));
        }

        last = lasts[0];
        while (--i >= 0)
        {
            last = (own * values[i]) + Tiny + (before * last);
            chain[i] = last;
        }
    }
}
