using Diarist.Segmentation;

namespace Diarist.Embedding;

/// <summary>Turns what a local speaker says in a window into a vector that is close to the vectors of the same voice elsewhere.</summary>
/// <remarks>Implementations keep no state between calls and may be called from several threads at once.</remarks>
public interface ISpeakerEmbedder
{
    /// <summary>The name that options and outputs use, for instance <c>wespeaker</c>.</summary>
    string Name { get; }

    /// <summary>The length of a vector.</summary>
    int Dimension { get; }

    /// <summary>The fewest samples at 16 kHz of which the network can make a vector.</summary>
    int MinimumSamples { get; }

    /// <summary>Embeds every local speaker of every window.</summary>
    /// <param name="audio">The windows.</param>
    /// <param name="masks">
    /// The frames to look at, shape (windows, 589), bit <c>k</c> of each for local speaker <c>k</c>; usually those in which the speaker is alone.
    /// </param>
    /// <param name="embeddings">Receives shape (windows, 3, <see cref="Dimension"/>); a speaker without a usable frame gets NaN throughout.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    void Embed(WindowedAudio audio, ReadOnlySpan<byte> masks, Span<float> embeddings, CancellationToken cancellationToken);
}
