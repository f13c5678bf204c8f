using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// What of one channel goes on from frame to frame behind the lines: the sound that the pitch filter looks back at, the overlap with the next frame, and the filter that undoes
/// the encoder's emphasis of high frequencies. It makes up lost frames of that sound.
/// </summary>
internal sealed class CeltVoice
{
    private const int History = CeltPostFilter.History, Lanes = 8, MinPeriod = 100, MaxPeriod = 720, Compared = History - MaxPeriod;

    // The gain of the filter, and a constant that keeps it away from numbers so small that they are slow.
    private const float Emphasis = 0.85000610f, Tiny = 1e-30f;

    private static readonly Vector256<float> Powers = MakePowers();

    private readonly float[] _sound = new float[History + CeltTables.MaxSize + CeltTransform.Overlap];
    private float _last;
    private int _period;

    /// <summary>Forgets what was heard.</summary>
    public void Reset()
    {
        _sound.AsSpan().Clear();
        (_last, _period) = (0, 0);
    }

    /// <summary>Makes the sound of a frame.</summary>
    /// <param name="transform">The transform.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="filters">The pitch filters: of the frame before, of this frame's first 2.5 ms, and later.</param>
    /// <param name="result">Receives the samples, in units of 16-bit samples.</param>
    public void Decode(CeltTransform transform, CeltFrame frame, ReadOnlySpan<float> lines, (CeltPostFilter Before, CeltPostFilter First, CeltPostFilter Later) filters, Span<float> result)
    {
        const int FirstSize = CeltTables.ShortSize;
        transform.Apply(lines, frame.Scale, frame.Blocks, _sound.AsSpan(History));
        filters.First.Apply(_sound, History, FirstSize, filters.Before);
        if (frame.Size > FirstSize)
        {
            filters.Later.Apply(_sound, History + FirstSize, frame.Size - FirstSize, filters.First);
        }

        _period = 0;
        Finish(result);
    }

    /// <summary>Makes up a frame: the last pitch period goes on and fades to half its amplitude every 20 ms.</summary>
    /// <param name="result">Receives the samples.</param>
    public void Conceal(Span<float> result)
    {
        const float Halving = 960;
        _period = _period > 0 ? _period : FindPeriod();
        float fade = MathF.Pow(0.5f, _period / Halving);
        int end = History + result.Length + CeltTransform.Overlap;
        for (int i = History; i < end; i++)
        {
            _sound[i] = fade * _sound[i - _period];
        }

        CeltTransform.Fold(_sound.AsSpan(History + result.Length, CeltTransform.Overlap));
        Finish(result);
    }

    private void Finish(Span<float> result)
    {
        RemoveEmphasis(_sound.AsSpan(History, result.Length), result);
        _sound.AsSpan(result.Length, History + CeltTransform.Overlap).CopyTo(_sound);
    }

    // Each sample has a part of the one before it, which has a part of the one before it: eight at once by steps of 1, 2 and 4.
    private void RemoveEmphasis(ReadOnlySpan<float> sound, Span<float> result)
    {
        const float Two = Emphasis * Emphasis, Four = Two * Two;
        Vector256<float> tiny = Vector256.Create(Tiny), powers = Powers;
        float last = _last;
        for (int i = 0; i < sound.Length; i += Lanes)
        {
            Vector256<float> value = Vector256.Create(sound[i..]) + tiny;
            value += Emphasis * Vector256.Shuffle(value, Vector256.Create(-1, 0, 1, 2, 3, 4, 5, 6));
            value += Two * Vector256.Shuffle(value, Vector256.Create(-1, -1, 0, 1, 2, 3, 4, 5));
            value += Four * Vector256.Shuffle(value, Vector256.Create(-1, -1, -1, -1, 0, 1, 2, 3));
            value += last * powers;
            value.CopyTo(result[i..]);
            last = value[Lanes - 1];
        }

        _last = last;
    }

    // Where the end of the sound is most like what came before it.
    private int FindPeriod()
    {
        ReadOnlySpan<float> end = _sound.AsSpan(History - Compared, Compared);
        int best = MinPeriod;
        double bestLikeness = 0;
        for (int period = MinPeriod; period <= MaxPeriod; period++)
        {
            ReadOnlySpan<float> before = _sound.AsSpan(History - Compared - period, Compared);
            double product = TensorPrimitives.Dot(end, before), energy = TensorPrimitives.Dot(before, before);
            double likeness = product > 0 ? product * product / (energy + 1) : 0;
            if (likeness > bestLikeness)
            {
                (best, bestLikeness) = (period, likeness);
            }
        }

        return best;
    }

    private static Vector256<float> MakePowers()
    {
        Span<float> powers = stackalloc float[Lanes];
        double power = 1;
        for (int i = 0; i < Lanes; i++)
        {
            power *= Emphasis;
            powers[i] = (float)power;
        }

        return Vector256.Create<float>(powers);
    }
}
