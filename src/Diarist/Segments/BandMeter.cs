using System.Numerics;
using Diarist.Features;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Passes samples on and notes how much energy lies in the telephone band (300 to 3400 Hz) and above it (4200 to 7600 Hz), every eighth of a
/// second. Where somebody speaks, that tells whether the voice came over a telephone.
/// </summary>
internal sealed class BandMeter(SampleReader source)
{
    private const int Frame = 512;
    private const int FramesPerSlot = 4;
    private const double BinWidth = SlidingWindow.SampleRate / (double)Frame;

    private static readonly (int First, int Last) Low = Bins(300, 3400), High = Bins(4200, 7600);
    private static readonly double[] Window = Arrays.Make(Frame, i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Frame)));

    private readonly RealFft _transform = new(Frame);
    private readonly Vector<double>[] _frame = new Vector<double>[Frame];
    private readonly Vector<double>[] _power = new Vector<double>[(Frame / 2) + 1];
    private readonly float[] _held = new float[Frame];
    private readonly List<float> _energies = [];
    private int _filled, _frames;
    private double _low, _high;

    /// <summary>Reads on.</summary>
    public int Read(Span<float> samples)
    {
        int count = source(samples);
        for (ReadOnlySpan<float> rest = samples[..count]; !rest.IsEmpty;)
        {
            int taken = Math.Min(rest.Length, Frame - _filled);
            rest[..taken].CopyTo(_held.AsSpan(_filled));
            rest = rest[taken..];
            _filled += taken;
            if (_filled == Frame)
            {
                Measure();
                _filled = 0;
            }
        }

        return count;
    }

    /// <summary>What was measured so far.</summary>
    public BandEnergies Energies() => new([.. _energies]);

    private void Measure()
    {
        for (int i = 0; i < Frame; i++)
        {
            _frame[i] = new Vector<double>(_held[i] * Window[i]);
        }

        _transform.PowerSpectrum(_frame, _power);
        _low += Sum(Low);
        _high += Sum(High);
        if (++_frames == FramesPerSlot)
        {
            _energies.Add((float)_low);
            _energies.Add((float)_high);
            (_low, _high, _frames) = (0, 0, 0);
        }
    }

    private double Sum((int First, int Last) band)
    {
        double sum = 0;
        for (int bin = band.First; bin <= band.Last; bin++)
        {
            sum += _power[bin][0];
        }

        return sum;
    }

    private static (int First, int Last) Bins(double from, double to) => ((int)Math.Ceiling(from / BinWidth), (int)Math.Floor(to / BinWidth));
}

/// <summary>Energy in and above the telephone band through a recording.</summary>
/// <param name="energies">Pairs (in it, above it), one for each <see cref="SlotSeconds"/>.</param>
internal sealed class BandEnergies(float[] energies)
{
    /// <summary>Seconds that a pair stands for.</summary>
    public const double SlotSeconds = 0.128;

    /// <summary>How much less energy lies above the telephone band than in it, in decibels (negative), over pieces of speech; <see langword="null"/> when they hold none.</summary>
    public double? LevelAbove(IEnumerable<Piece> pieces)
    {
        double low = 0, high = 0;
        foreach (Piece piece in pieces)
        {
            int first = (int)(piece.Start * SlidingWindow.FrameStep / SlotSeconds);
            int last = Math.Min((int)(piece.End * SlidingWindow.FrameStep / SlotSeconds), (energies.Length / 2) - 1);
            for (int slot = first; slot <= last; slot++)
            {
                low += energies[2 * slot];
                high += energies[(2 * slot) + 1];
            }
        }

        return low > 0 ? 10 * Math.Log10(Math.Max(high / low, 1e-12)) : null;
    }
}
