namespace Diarist;

/// <summary>Seconds of work by stage, added over threads.</summary>
/// <param name="Decoding">Reading, decoding and resampling the recording.</param>
/// <param name="Segmentation">The network that finds speech or local speakers.</param>
/// <param name="Embedding">The network that makes speaker embeddings.</param>
/// <param name="Clustering">Grouping embeddings into speakers.</param>
/// <param name="Reconstruction">Making turns.</param>
public sealed record DiarizationTiming(double Decoding, double Segmentation, double Embedding, double Clustering, double Reconstruction);
