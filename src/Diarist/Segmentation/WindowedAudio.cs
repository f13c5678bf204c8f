namespace Diarist.Segmentation;

/// <summary>
/// A contiguous stretch of mono 16 kHz audio and the equally spaced windows that lie in it. Networks take
/// windows this way, not one by one, so that what neighbouring windows share is computed once.
/// </summary>
public readonly struct WindowedAudio
{
    /// <summary>Creates the stretch.</summary>
    /// <param name="samples">The audio, at least <c>(windows − 1)·step + 160 000</c> samples in [−1, 1]; the end of a recording comes padded with zeros.</param>
    /// <param name="windows">The number of windows, at least 1.</param>
    /// <param name="step">Samples from one window to the next.</param>
    /// <exception cref="ArgumentException">The stretch is too short for its windows.</exception>
    public WindowedAudio(ReadOnlyMemory<float> samples, int windows, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        if (samples.Length < ((long)(windows - 1) * step) + SlidingWindow.WindowSamples)
        {
            throw new ArgumentException($"{samples.Length} samples are too few for {windows} windows every {step} samples.", nameof(samples));
        }

        Samples = samples;
        Windows = windows;
        Step = step;
    }

    /// <summary>The audio of all windows.</summary>
    public ReadOnlyMemory<float> Samples { get; }

    /// <summary>The number of windows.</summary>
    public int Windows { get; }

    /// <summary>Samples from the start of one window to the start of the next.</summary>
    public int Step { get; }

    /// <summary>The 160 000 samples of one window.</summary>
    public ReadOnlySpan<float> Window(int index) => Samples.Span.Slice(index * Step, SlidingWindow.WindowSamples);
}
