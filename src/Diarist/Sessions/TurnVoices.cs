using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// The voice of each turn. A turn's own voice is that of the fine pieces that were labelled as its speaker's: where somebody else speaks at the same time,
/// or begins within it, the other pieces in its range are not its voice.
/// </summary>
internal sealed class TurnVoices
{
    private readonly HeardSpeech _heard;
    private readonly LikenessModel _model;
    private readonly PieceTimes _times, _fineTimes;
    private readonly int[] _groupOfPiece, _groupOfFine;

    /// <summary>Notes whose every piece is.</summary>
    public TurnVoices(HeardSpeech heard, SegmentsResult found)
    {
        (_heard, _model) = (heard, found.Groups.Model);
        (_times, _fineTimes) = (new PieceTimes(heard.Pieces), new PieceTimes(heard.FinePieces));
        _groupOfPiece = new int[heard.Pieces.Count];
        _groupOfPiece.AsSpan().Fill(-1);
        for (int item = 0; item < found.Groups.Used.Length; item++)
        {
            _groupOfPiece[found.Groups.Used[item]] = found.Groups.Labels[item];
        }

        _groupOfFine = [.. found.FineLabels.Select(label => label < found.Kept.Length ? found.Kept[label] : -1)];
    }

    /// <summary>The pieces of a range of time that are a group's.</summary>
    public int[] PiecesIn(TimeRange range, int group) => [.. _times.In(range).Where(piece => _groupOfPiece[piece] == group)];

    /// <summary>The voice of a group's pieces in a range of time; <see langword="null"/> where it has none.</summary>
    public SpeakerGroup? PartOf(TimeRange range, int group) => Sum(_heard.Pieces, PiecesIn(range, group));

    /// <summary>The voice that was labelled as a group's in a range of time; <see langword="null"/> where none is heard alone.</summary>
    public SpeakerGroup? LabelledIn(TimeRange range, int group) => Sum(_heard.FinePieces, _fineTimes.In(range).Where(piece => _groupOfFine[piece] == group));

    private SpeakerGroup? Sum(PieceVectors pieces, IEnumerable<int> numbers)
    {
        SpeakerGroup? voice = null;
        foreach (int piece in numbers)
        {
            var one = SpeakerGroup.Of(pieces.Vector(piece), pieces.Seconds[piece], _model);
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
