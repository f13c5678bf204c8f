using Diarist.Segmentation;

namespace Diarist.Embedding;

/// <summary>Which frames an embedder looks at: those in which a local speaker is alone, as long as they suffice (pyannote community-1 and 3.1).</summary>
internal static class EmbeddingMasks
{
    /// <summary>
    /// The masks of one window: a speaker keeps only the frames in which nobody else is active, unless no more than
    /// ⌈frames · minimumSamples / 160 000⌉ of them are left; then all of the speaker's frames.
    /// </summary>
    /// <param name="activity">The window's frames; bit <c>k</c> says whether local speaker <c>k</c> is active.</param>
    /// <param name="speakers">Local speakers.</param>
    /// <param name="minimumSamples">The fewest samples of which the embedder can make a vector (<see cref="ISpeakerEmbedder.MinimumSamples"/>).</param>
    /// <param name="masks">Receives the frames to look at, in the same form.</param>
    public static void Select(ReadOnlySpan<byte> activity, int speakers, int minimumSamples, Span<byte> masks)
    {
        long least = (((long)activity.Length * minimumSamples) + SlidingWindow.WindowSamples - 1) / SlidingWindow.WindowSamples;
        masks[..activity.Length].Clear();
        for (int speaker = 0; speaker < speakers; speaker++)
        {
            byte own = (byte)(1 << speaker);
            bool alone = activity.Count(own) > least;
            for (int frame = 0; frame < activity.Length; frame++)
            {
                if (alone ? activity[frame] == own : (activity[frame] & own) != 0)
                {
                    masks[frame] |= own;
                }
            }
        }
    }
}
