using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>Puts together what was heard of a recording: where speech is, from its windows, and the vector of each voice.</summary>
internal static class HeardAssembly
{
    private const int FewestRows = 3;
    private const double FewRowsSeconds = 0.1;

    /// <summary>What was heard.</summary>
    /// <param name="schedule">All windows, ended.</param>
    /// <param name="take">The vector of a voice; <see langword="null"/> when no trunk frame belongs to it.</param>
    /// <param name="dimension">The length of a vector.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="duration">The length of the recording in seconds.</param>
    /// <param name="isLinked">Whether the windows tell local speakers apart.</param>
    public static HeardSpeech Join(PieceSchedule schedule, Func<VoiceKey, Voice?> take, int dimension, SlidingWindow grid, double duration, bool isLinked)
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
}
