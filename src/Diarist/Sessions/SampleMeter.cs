using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Diarist.Segmentation;

namespace Diarist.Sessions;

/// <summary>Passes samples on and notes their hash, and the least and greatest of every twentieth of a second, for drawing.</summary>
internal sealed class SampleMeter(SampleReader source) : IDisposable
{
    /// <summary>Samples that one peak stands for.</summary>
    public const int SamplesPerPeak = SlidingWindow.SampleRate / 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<sbyte> _peaks = [];
    private float _least;
    private float _greatest;
    private int _held;

    /// <summary>Reads on.</summary>
    public int Read(Span<float> samples)
    {
        int count = source(samples);
        _hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<float>)samples[..count]));
        foreach (float sample in samples[..count])
        {
            (_least, _greatest) = (Math.Min(_least, sample), Math.Max(_greatest, sample));
            if (++_held == SamplesPerPeak)
            {
                Close();
            }
        }

        return count;
    }

    /// <summary>SHA-256 of all samples as little-endian float32, in hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Pairs of least and greatest, in 127ths of full scale.</summary>
    public sbyte[] Peaks()
    {
        if (_held > 0)
        {
            Close();
        }

        return [.. _peaks];
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Close()
    {
        _peaks.Add(Scale(_least));
        _peaks.Add(Scale(_greatest));
        (_least, _greatest, _held) = (0, 0, 0);
    }

    private static sbyte Scale(float value) => (sbyte)Math.Clamp((int)MathF.Round(value * 127), -127, 127);
}
