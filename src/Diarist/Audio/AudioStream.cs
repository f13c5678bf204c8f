namespace Diarist.Audio;

/// <summary>A recording being decoded from front to back in constant memory. Not thread-safe; disposing it closes what it reads from.</summary>
public abstract class AudioStream : IDisposable
{
    private readonly List<string> _warnings = [];

    /// <summary>What the recording says about itself.</summary>
    public abstract AudioInfo Info { get; }

    /// <summary>One line for each thing that was wrong and could be survived; complete once <see cref="Read"/> has returned 0.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Decodes the next frames.</summary>
    /// <param name="interleaved">Room for at least one frame; receives frames of <see cref="AudioInfo.Channels"/> samples, nominally in [−1, 1].</param>
    /// <returns>The number of frames, at least 1; 0 at the end and ever after.</returns>
    /// <exception cref="AudioFormatException">The recording is damaged; the message holds the byte offset.</exception>
    public abstract int Read(Span<float> interleaved);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Adds a warning, prefixed with the name of the recording.</summary>
    protected void Warn(string warning) => _warnings.Add($"{Info.Name}: {warning}");

    /// <summary>Adds a warning of the recording that this one is made from, as it is.</summary>
    private protected void Forward(string warning) => _warnings.Add(warning);
}
