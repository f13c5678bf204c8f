using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>The segmentation network: up to three local speakers a window.</summary>
internal sealed class PyanNetHearing(PyanNet segmentation) : IWindowHearing
{
    public bool TellsSpeakersApart => true;

    public byte[] Masks(WindowBatch batch, CancellationToken cancellationToken)
    {
        byte[] masks = new byte[batch.Audio.Windows * SlidingWindow.FramesPerWindow];
        using AlignedBuffer logProbabilities = AlignedBuffer.Rent(masks.Length * Powerset.Classes);
        segmentation.LogProbabilities(batch.Audio, logProbabilities.Span, cancellationToken);
        Powerset.Decode(logProbabilities.Span, masks);
        return masks;
    }
}
