using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// All that the networks heard in a recording, without its audio: enough to group, label and make turns again in milliseconds, with
/// other bounds or after a correction. About 10 MB an hour; half of it in a file.
/// </summary>
internal sealed record HeardSpeech
{
    // A voice of fewer trunk frames counts as so many seconds at the most.
    private const int FewestRows = 3;
    private const double FewRowsSeconds = 0.1;

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

    /// <summary>Puts together what was heard: where speech is, from the windows, and the vector of each voice.</summary>
    /// <param name="schedule">All windows, ended.</param>
    /// <param name="take">The vector of a voice; <see langword="null"/> when no trunk frame belongs to it.</param>
    /// <param name="dimension">The length of a vector.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="duration">The length of the recording in seconds.</param>
    /// <param name="isLinked">Whether the windows tell local speakers apart.</param>
    public static HeardSpeech Of(PieceSchedule schedule, Func<VoiceKey, Voice?> take, int dimension, SlidingWindow grid, double duration, bool isLinked)
    {
        var lone = new LoneVoices();
        foreach ((int window, int speaker) in schedule.Lone)
        {
            if (take(new VoiceKey(VoiceKind.Lone, (window * 8) + speaker)) is { } voice)
            {
                lone.Add(window, speaker, voice.Vector);
            }
        }

        byte[] counts = schedule.Counts;
        var heard = new HeardSpeech
        {
            Grid = grid,
            Activity = schedule.Activity(),
            Counts = counts,
            Pieces = Vectors(VoiceKind.Piece, schedule.Pieces),
            FinePieces = Vectors(VoiceKind.FinePiece, schedule.FinePieces),
            LoneVoices = lone,
            Duration = duration,
            IsLinked = isLinked,
        };
        heard.RoundToHalf();
        return heard;

        PieceVectors Vectors(VoiceKind kind, IReadOnlyList<Piece> pieces)
        {
            var vectors = new PieceVectors([.. pieces], dimension);
            for (int number = 0; number < pieces.Count; number++)
            {
                Piece piece = pieces[number];
                vectors.Seconds[number] = counts.AsSpan(piece.Start, piece.Frames).Count((byte)1) * SlidingWindow.FrameStep;
                if (take(new VoiceKey(kind, number)) is { } voice)
                {
                    voice.Vector.CopyTo(vectors[number]);
                    vectors.Voiced[number] = true;
                    vectors.Seconds[number] = voice.Rows < FewestRows ? Math.Min(vectors.Seconds[number], FewRowsSeconds) : vectors.Seconds[number];
                }
            }

            return vectors;
        }
    }

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
