using System.Numerics.Tensors;

namespace Diarist.Audio.Codecs;

/// <summary>
/// What of one channel goes on from frame to frame behind the lines: the sound that the pitch filter looks back at, the overlap with the next frame, and the filter that undoes
/// the encoder's emphasis of high frequencies. It makes up lost frames of that sound.
/// </summary>
internal sealed class CeltVoice
{
    private const int History = CeltPostFilter.History, MinPeriod = 100, MaxPeriod = 720, Compared = History - MaxPeriod;

    private const float Emphasis = 0.85000610f;

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
        RecursiveChain.Up(_sound.AsSpan(History, result.Length), result, 1, Emphasis, _last);
        _last = result[^1];
        _sound.AsSpan(result.Length, History + CeltTransform.Overlap).CopyTo(_sound);
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
}
