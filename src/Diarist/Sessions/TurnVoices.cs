using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>The voice of each turn, as the sums of the pieces whose middles lie in it.</summary>
internal sealed class TurnVoices
{
    private readonly PieceVectors _pieces;
    private readonly LikenessModel _model;
    private readonly PieceTimes _times;
    private readonly int[] _groupOfPiece;

    public TurnVoices(HeardSpeech heard, PieceGroups groups)
    {
        (_pieces, _model) = (heard.Pieces, groups.Model);
        _times = new PieceTimes(_pieces);
        _groupOfPiece = new int[_pieces.Count];
        _groupOfPiece.AsSpan().Fill(-1);
        for (int item = 0; item < groups.Used.Length; item++)
        {
            _groupOfPiece[groups.Used[item]] = groups.Labels[item];
        }
    }

    /// <summary>The pieces of a range of time.</summary>
    public int[] PiecesIn(TimeRange range) => [.. _times.In(range)];

    /// <summary>The voice of a range of time; <see langword="null"/> where nobody is heard alone.</summary>
    /// <param name="range">A turn's range.</param>
    /// <param name="group">Only the pieces of this group; −1 for all.</param>
    public SpeakerGroup? VoiceOf(TimeRange range, int group = -1)
    {
        SpeakerGroup? voice = null;
        foreach (int piece in _times.In(range).Where(piece => group < 0 || _groupOfPiece[piece] == group))
        {
            var one = SpeakerGroup.Of(_pieces[piece], _pieces.Seconds[piece], _model);
            if (voice is null)
            {
                voice = one;
            }
            else
            {
                voice.Add(one);
            }
        }

        return voice;
    }
}
