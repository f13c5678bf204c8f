using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// All that the networks heard in a recording, without its audio: enough to group, label and make turns again in milliseconds, with
/// other bounds or after a correction. About 10 MB an hour; half of it in a file.
/// </summary>
internal sealed record HeardSpeech
{
    private PieceLinks? _links;
    private GroupingMemory? _grouping;

    /// <summary>Where the windows lie.</summary>
    public required SlidingWindow Grid { get; init; }

    /// <summary>Which local speakers each window hears, shape (windows, 589, 3).</summary>
    public required Activity Activity { get; init; }

    /// <summary>The number of speakers of each output frame of the recording.</summary>
    public required byte[] Counts { get; init; }

    /// <summary>Pieces for the grouping.</summary>
    public required PieceVectors Pieces { get; init; }

    /// <summary>Shorter pieces, which get labels of their own.</summary>
    public required PieceVectors FinePieces { get; init; }

    /// <summary>Vectors of local speakers whom no window hears alone.</summary>
    public required LoneVoices LoneVoices { get; init; }

    /// <summary>The length of the recording in seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>Energy in and above the telephone band; <see langword="null"/> where it was not measured.</summary>
    public BandEnergies? Bands { get; init; }

    /// <summary>Voices that were recognized in it.</summary>
    public IReadOnlyList<KnownGroup> Known { get; init; } = [];

    /// <summary>
    /// Rounds all vectors to half precision, so that a file that holds them in 16 bits gives the same turns. A cosine changes by about 1e-7.
    /// </summary>
    public void RoundToHalf()
    {
        foreach (PieceVectors pieces in (PieceVectors[])[Pieces, FinePieces])
        {
            RoundToHalf(pieces[0, pieces.Count]);
        }

        foreach (float[] voice in LoneVoices.Vectors)
        {
            RoundToHalf(voice);
        }
    }

    private static void RoundToHalf(Span<float> vector)
    {
        foreach (ref float value in vector)
        {
            value = (float)(Half)value;
        }
    }

    /// <summary>Whether the windows tell local speakers apart.</summary>
    public bool IsLinked { get; init; } = true;

    /// <summary>Which pieces the windows give to one local speaker; no link at all where they do not tell them apart.</summary>
    public PieceLinks Links => _links ??= IsLinked ? PieceLinks.Find(Activity, Grid, Pieces.Pieces, Counts.Length) : PieceLinks.None(Pieces.Count);

    /// <summary>What the grouping works out of the pieces alone; kept for the constants that were used last.</summary>
    public GroupingMemory GroupingFor(SegmentsParameters parameters) =>
        _grouping is { } kept && kept.Parameters == parameters ? kept : _grouping = GroupingMemory.Of(Pieces, Links, parameters);
}
