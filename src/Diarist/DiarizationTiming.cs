namespace Diarist;

/// <summary>Seconds of work by stage, added over threads.</summary>
public sealed record DiarizationTiming
{
    internal DiarizationTiming(double decoding, double segmentation, double embedding, double clustering, double reconstruction) =>
        (Decoding, Segmentation, Embedding, Clustering, Reconstruction) =
        (decoding, segmentation, embedding, clustering, reconstruction);

    /// <summary>Seconds of reading, decoding and resampling the recording.</summary>
    public double Decoding { get; init; }

    /// <summary>Seconds of the network that finds speech or local speakers.</summary>
    public double Segmentation { get; init; }

    /// <summary>Seconds of the network that makes speaker embeddings.</summary>
    public double Embedding { get; init; }

    /// <summary>Seconds of grouping embeddings into speakers.</summary>
    public double Clustering { get; init; }

    /// <summary>Seconds of making turns.</summary>
    public double Reconstruction { get; init; }
}
