using Diarist.Networks.Nemotron3;

namespace Diarist;

/// <summary>
/// How much audio a step of the network takes, in frames of 80 ms. A step looks at [speaker cache | FIFO | chunk | look-ahead]; its work
/// grows with that whole, its yield is the chunk. The label of a frame is known once its chunk and the look-ahead are heard.
/// </summary>
/// <param name="Chunk">Frames that a step labels.</param>
/// <param name="LookAhead">Frames after the chunk that a step sees and labels provisionally; they come again in the next step.</param>
/// <param name="Fifo">The newest labelled frames that stay whole before they move to the speaker cache.</param>
/// <param name="Update">Frames that move at once when the FIFO is over-full; more when it holds more than that, at most all.</param>
/// <param name="LookBack">Labelled frames before the chunk that a step sees once more; 0 in all published profiles.</param>
public sealed record Nemotron3Profile(int Chunk, int LookAhead, int Fifo, int Update, int LookBack = 0)
{
    /// <summary>Seconds of a frame.</summary>
    public const double FrameDuration = 0.08;

    /// <summary>For recordings: 27.2 s a step, labels after 30.4 s.</summary>
    public static Nemotron3Profile Offline { get; } = new(340, 40, 40, 300) { WholeRecording = true };

    /// <summary>Live, 10.2 s a step, labels after 10.6 s; a third of a core.</summary>
    public static Nemotron3Profile Live128 { get; } = new(128, 4, 40, 222);

    /// <summary>Live, 2.6 s a step, labels after 2.9 s; the one for a processor.</summary>
    public static Nemotron3Profile Live32 { get; } = new(32, 4, 40, 222);

    /// <summary>The published low latency, labels after 1.04 s; takes about two cores for itself.</summary>
    public static Nemotron3Profile Low { get; } = new(9, 4, 264, 222);

    /// <summary>The published very low latency, labels after 0.64 s; more than two cores.</summary>
    public static Nemotron3Profile VeryLow { get; } = new(6, 2, 264, 222);

    /// <summary>The published ultra low latency, labels after 0.32 s; many cores.</summary>
    public static Nemotron3Profile UltraLow { get; } = new(3, 1, 264, 222);

    /// <summary>
    /// How the end is taken. For a whole recording chunk after chunk, with what look-ahead is left, and with the one row of zeros
    /// after the end that the published offline call has; else all that is left is one last step.
    /// </summary>
    public bool WholeRecording { get; init; }

    /// <summary>Checks the sizes.</summary>
    /// <param name="cacheFrames">Frames of the speaker cache.</param>
    /// <exception cref="ArgumentException">A size is impossible, or all together are more than a step can run.</exception>
    internal void Check(int cacheFrames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Chunk, 1, nameof(Chunk));
        ArgumentOutOfRangeException.ThrowIfNegative(LookAhead, nameof(LookAhead));
        ArgumentOutOfRangeException.ThrowIfNegative(Fifo, nameof(Fifo));
        ArgumentOutOfRangeException.ThrowIfLessThan(Update, 1, nameof(Update));
        ArgumentOutOfRangeException.ThrowIfNegative(LookBack, nameof(LookBack));
        long all = (long)cacheFrames + Fifo + LookBack + Chunk + LookAhead + 1;
        if (all + LookAhead > Nemotron3Configuration.MaximumFrames)
        {
            throw new ArgumentException($"A step of {all} frames (cache, FIFO, look-back, chunk, look-ahead) is more than {Nemotron3Configuration.MaximumFrames}.");
        }

        if (WholeRecording && LookAhead >= Chunk)
        {
            throw new ArgumentException($"The look-ahead must be smaller than the chunk of {Chunk} frames.");
        }
    }
}
