namespace Diarist.Segmentation;

/// <summary>
/// The time grid of windowed segmentation: windows of <see cref="WindowSamples"/> every <see cref="StepSamples"/>,
/// each cut by the network into <see cref="FramesPerWindow"/> frames (pyannote.audio 4 calls a window a chunk).
/// </summary>
/// <param name="StepSamples">Samples from the start of one window to the start of the next, at 16 kHz.</param>
public sealed record SlidingWindow(int StepSamples = SlidingWindow.DefaultStepSamples)
{
    /// <summary>Samples per second of everything downstream of the audio front end.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Samples in a window: 10 s.</summary>
    public const int WindowSamples = 160_000;

    /// <summary>Samples between windows unless told otherwise: 1 s.</summary>
    public const int DefaultStepSamples = 16_000;

    /// <summary>Frames that PyanNet makes of a window.</summary>
    public const int FramesPerWindow = 589;

    /// <summary>Samples between frames.</summary>
    public const int FrameStepSamples = 270;

    /// <summary>Samples that one frame sees (its receptive field); the often quoted 911 is wrong.</summary>
    public const int ReceptiveFieldSamples = 991;

    /// <summary>Seconds between frames: 0.016875.</summary>
    public const double FrameStep = FrameStepSamples / (double)SampleRate;

    /// <summary>Seconds that one frame sees: 0.0619375.</summary>
    public const double FrameDuration = ReceptiveFieldSamples / (double)SampleRate;

    /// <summary>Local speakers that the network tells apart in a window.</summary>
    public const int LocalSpeakers = 3;

    /// <summary>Seconds between windows.</summary>
    public double Step => StepSamples / (double)SampleRate;

    /// <summary>Windows that cover <paramref name="samples"/> samples: every full one and, when audio is left over, one more that is padded with zeros.</summary>
    public int WindowCount(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        if (samples == 0)
        {
            return 0;
        }

        return samples <= WindowSamples ? 1 : checked((int)(((samples - WindowSamples + StepSamples - 1) / StepSamples) + 1));
    }

    /// <summary>Output frames that cover <paramref name="windows"/> windows: rint((10 + (C − 1)·step) / 0.016875) + 1.</summary>
    public int OutputFrames(int windows) =>
        windows == 0 ? 0 : (int)Math.Round(((WindowSamples / (double)SampleRate) + ((windows - 1) * Step)) / FrameStep, MidpointRounding.ToEven) + 1;

    /// <summary>The output frame at which window <paramref name="window"/> starts: rint(window·step / 0.016875).</summary>
    public int FirstFrame(int window) => (int)Math.Round(window * Step / FrameStep, MidpointRounding.ToEven);
}
