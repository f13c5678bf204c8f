using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// Finds the questions whose answers change most. A turn is doubtful where its voice is hardly like the rest of its speaker, or nearly as much
/// like another one, and over another turn where its speaker is not heard alone beside it; a speaker where the two halves of what they say are
/// hardly alike; two speakers where their voices are nearly alike enough to be one person's. Questions are ranked by doubt × seconds.
/// </summary>
internal sealed partial class SessionReview
{
    // Likeness at which a turn and a speaker, or two speakers, are as likely one person's as not; and how fast doubt falls from there. All that
    // two people say tells them apart better than one turn, and better than what somebody says who says little.
    private const double Even = 0.4;
    private const double Slope = 0.12;
    private const double SpeakerSlope = 0.04;
    private const double LittleSlope = 0.06;
    private const double LeastDoubt = 0.05;

    // The likeness of shorter speech varies more, as one over the root of its seconds. Without evidence one turn in twenty is somebody else's.
    private const double FullSeconds = 3;
    private const double MostlyRight = 3;
    private const int Candidates = 64;
    private const int ExcerptsPerChoice = 2;
    private const double ClearSeconds = 3;

    // The two parts of a speaker are more alike than two people; the halves of two people with alike voices are less alike than nearly all of one person.
    private const double EvenParts = 0.6;
    private const double PartSlope = 0.08;
    private const double EvenHalves = 0.55;
    private const double HalfSlope = 0.04;
    private const double EqualShare = 1.0 / 3;

    private readonly LikenessModel _model;
    private readonly PieceVectors _pieces;
    private readonly TurnFollowers _followers;
    private readonly List<Speaker> _speakers = [];
    private readonly List<Asked> _asked = [];

    private sealed record Speaker(string Label, SpeakerGroup Voice, int Group);

    private sealed record Asked(Turn Turn, SpeakerGroup Voice, int Owner, SpeakerGroup? Rest, int[] Pieces)
    {
        public double Seconds => Turn.Duration;
    }

    private SessionReview(HeardSpeech heard, LikenessModel model, TurnFollowers followers) => (_pieces, _model, _followers) = (heard.Pieces, model, followers);

    /// <summary>Finds questions.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="state">The turns as they are now.</param>
    /// <param name="edits">The corrections that hold: what they speak of is not asked again.</param>
    /// <param name="most">At most so many questions.</param>
    public static List<ReviewQuestion> Run(HeardSpeech heard, SessionState state, IReadOnlyList<SessionEdit> edits, int most)
    {
        PieceGroups groups = state.Clustered!.Found.Groups;
        var review = new SessionReview(heard, groups.Model, new TurnFollowers(heard, groups, state.Statements.Said));
        var voices = new TurnVoices(heard, state.Clustered.Found);
        var places = new Dictionary<string, (int Place, int Group)>(StringComparer.Ordinal);
        foreach (string label in state.Labelled.Speakers.Select(speaker => speaker.Label))
        {
            if (state.GroupOf(label) is var group and >= 0)
            {
                places.Add(label, (review._speakers.Count, group));
                review._speakers.Add(new Speaker(label, groups.Groups[group], group));
            }
        }

        foreach (Turn turn in state.Labelled.Turns)
        {
            if (places.TryGetValue(turn.Speaker, out (int Place, int Group) owner) && voices.LabelledIn(turn.Range, owner.Group) is { } voice)
            {
                SpeakerGroup? own = voices.PartOf(turn.Range, owner.Group);
                SpeakerGroup whole = groups.Groups[owner.Group];
                review._asked.Add(new Asked(turn, voice, owner.Place, own is null ? whole : whole.Weight - own.Weight > 1e-9 ? whole.Without(own) : null, voices.PiecesIn(turn.Range, owner.Group)));
            }
        }

        List<ReviewQuestion> found = [.. review.AboutTurns(edits), .. review.AboutOverlaid(state, edits), .. review.AboutParts(edits), .. review.AboutSpeakers(edits)];
        var chosen = new List<ReviewQuestion>();
        foreach (ReviewQuestion question in found.OrderByDescending(question => question.Doubt * question.AffectedDuration).ThenBy(question => question.Turn.Start).ThenBy(question => question.AboutSpeaker))
        {
            if (chosen.Count == most)
            {
                break;
            }

            if (!chosen.Exists(other => other.Turn == question.Turn))
            {
                chosen.Add(question);
            }
        }

        return chosen;
    }

    private IEnumerable<ReviewQuestion> AboutTurns(IReadOnlyList<SessionEdit> edits)
    {
        TimeRange[] answered = Answered(edits);
        Asked[] confirmed = [.. _asked.Where(asked => IsAnswered(asked, answered))];
        var doubtful = new List<(Asked Asked, int Other, double Doubt)>();
        foreach (Asked asked in _asked.Where(asked => !IsAnswered(asked, answered)))
        {
            double own = asked.Rest?.Likeness(asked.Voice, _model) ?? Even;
            int other = -1;
            double best = double.NegativeInfinity;
            for (int speaker = 0; speaker < _speakers.Count; speaker++)
            {
                if (speaker != asked.Owner && _speakers[speaker].Voice.Likeness(asked.Voice, _model) is var likeness && likeness > best)
                {
                    (other, best) = (speaker, likeness);
                }
            }

            // Turns like this one that were corrected, or confirmed, and are the same speaker's.
            int alike = confirmed.Count(other => other.Owner == asked.Owner && other.Voice.Likeness(asked.Voice, _model) >= Even);
            double slope = Slope * Math.Max(1, Math.Sqrt(FullSeconds / asked.Voice.Seconds));
            double doubt = Logistic(((Math.Max(Even, best) - own) / slope) - MostlyRight) / (1 + alike);
            if (doubt >= LeastDoubt)
            {
                doubtful.Add((asked, other, doubt));
            }
        }

        foreach ((Asked asked, int other, double doubt) in doubtful.OrderByDescending(item => item.Doubt * item.Asked.Seconds).ThenBy(item => item.Asked.Turn.Start).Take(Candidates))
        {
            int[] choices = other < 0 ? [asked.Owner] : [asked.Owner, other];
            yield return new ReviewQuestion(asked.Turn, Labels(choices), aboutSpeaker: false, doubt, asked.Seconds + Following(asked, other), Excerpts(choices, asked.Turn));
        }
    }

    // Two speakers: the turn that is asked about is the clearest of the one who says less.
    private IEnumerable<ReviewQuestion> AboutSpeakers(IReadOnlyList<SessionEdit> edits)
    {
        double total = _speakers.Sum(speaker => speaker.Voice.Seconds);
        for (int left = 0; left < _speakers.Count; left++)
        {
            for (int right = left + 1; right < _speakers.Count; right++)
            {
                (int less, int more) = _speakers[left].Voice.Seconds <= _speakers[right].Voice.Seconds ? (left, right) : (right, left);
                (double even, double slope) = SegmentsParameters.Default.PlaceThreshold(_speakers[less].Voice.Seconds, total) is { } threshold ? (Math.Min(Even, threshold), LittleSlope) : (Even, SpeakerSlope);
                double doubt = Logistic((_speakers[left].Voice.Likeness(_speakers[right].Voice, _model) - even) / slope);
                if (doubt >= LeastDoubt && !SaidToDiffer(edits, _speakers[less].Label, _speakers[more].Label) && Excerpts([less], null) is [var clearest, ..] && Excerpts([more], null).Length > 0)
                {
                    yield return new ReviewQuestion(clearest, Labels([less, more]), aboutSpeaker: true, doubt, _speakers[less].Voice.Seconds, Excerpts([less, more], clearest));
                }
            }
        }
    }

    private bool SaidToDiffer(IReadOnlyList<SessionEdit> edits, string one, string other) =>
        edits.Any(edit => edit.Kind == SessionEditKind.Split && Holds(edit, one) && Holds(edit, other));

    private bool Holds(SessionEdit split, string label) =>
        _asked.Exists(asked => _speakers[asked.Owner].Label == label && split.Turns.Any(turn => turn.Range.Overlap(asked.Turn.Range) > 0.5 * asked.Seconds));

    // What would go along with the turn if it were the other speaker's, or a new one's.
    private double Following(Asked asked, int other) => Math.Max(
        other < 0 ? 0 : Seconds(_followers.Find(asked.Pieces, _speakers[asked.Owner].Group, _speakers[other].Group)),
        Seconds(_followers.Find(asked.Pieces, _speakers[asked.Owner].Group, -1)));

    private double Seconds(IEnumerable<int> pieces) => pieces.Sum(piece => _pieces.Seconds[piece]);

    private static TimeRange[] Answered(IReadOnlyList<SessionEdit> edits) => [.. edits.Where(edit => edit.Kind is not SessionEditKind.Rename).SelectMany(edit => edit.Turns).Select(turn => turn.Range)];

    private static bool IsAnswered(Asked asked, TimeRange[] answered) => Array.Exists(answered, range => range.Overlap(asked.Turn.Range) > 0.5 * asked.Seconds);

    // A speaker whose two parts are hardly alike may be two people: the turn that is asked about is the clearest of the smaller part.
    private IEnumerable<ReviewQuestion> AboutParts(IReadOnlyList<SessionEdit> edits)
    {
        TimeRange[] answered = Answered(edits);
        for (int speaker = 0; speaker < _speakers.Count; speaker++)
        {
            IReadOnlyList<(int[], SpeakerGroup)> stretches = _followers.StretchesOf(_speakers[speaker].Group);
            if (SpeakerParts.LastJoin(stretches, _model, SegmentsParameters.Default) is { } parts && Logistic((EvenParts - parts.Likeness) / PartSlope) is var doubt && doubt >= LeastDoubt
                && AboutPart(speaker, parts, doubt, answered) is { } question)
            {
                yield return question;
            }

            if (SpeakerParts.Halves(stretches, _model) is { } halves && Logistic((EvenHalves - halves.Likeness) / HalfSlope) is var doubtOfHalves && doubtOfHalves >= LeastDoubt
                && AboutPart(speaker, halves, doubtOfHalves, answered) is { } questionOfHalves)
            {
                yield return questionOfHalves;
            }
        }
    }

    private ReviewQuestion? AboutPart(int speaker, SpeakerParts parts, double doubt, TimeRange[] answered)
    {
        // That a turn of the smaller part is this speaker's settles it, but for parts of much the same size: then the other one may be somebody else's.
        bool IsConfirmed(SpeakerGroup part, SpeakerGroup other) =>
            _asked.Exists(asked => asked.Owner == speaker && IsAnswered(asked, answered) && asked.Voice.Likeness(part, _model) > asked.Voice.Likeness(other, _model));
        if (!IsConfirmed(parts.Smaller, parts.Larger))
        {
            return AboutPart(speaker, parts.Smaller, parts.SmallerPieces, parts.Larger, doubt, answered);
        }

        return parts.Smaller.Seconds >= EqualShare * (parts.Smaller.Seconds + parts.Larger.Seconds) && !IsConfirmed(parts.Larger, parts.Smaller)
            ? AboutPart(speaker, parts.Larger, parts.LargerPieces, parts.Smaller, doubt, answered)
            : null;
    }

    private ReviewQuestion? AboutPart(int speaker, SpeakerGroup voice, int[] pieces, SpeakerGroup rest, double doubt, TimeRange[] answered)
    {
        bool InPart(Asked asked) => asked.Pieces.Length > 0 && asked.Pieces.Count(piece => Array.BinarySearch(pieces, piece) >= 0) > asked.Pieces.Length / 2;
        Asked[] part = [.. _asked.Where(asked => asked.Owner == speaker && InPart(asked)).OrderByDescending(asked => Clarity(asked, voice)).ThenBy(asked => asked.Turn.Start)];
        if (part.Length == 0 || IsAnswered(part[0], answered))
        {
            return null;
        }

        int other = Enumerable.Range(0, _speakers.Count).Where(index => index != speaker).OrderByDescending(index => _speakers[index].Voice.Likeness(voice, _model)).FirstOrDefault(-1);
        int[] choices = other < 0 ? [speaker] : [speaker, other];
        Turn[] whole = [.. _asked.Where(asked => asked.Owner == speaker && !InPart(asked)).OrderByDescending(asked => Clarity(asked, rest)).ThenBy(asked => asked.Turn.Start).Take(1).Select(asked => asked.Turn)];
        Turn[] more = [.. part.Skip(1).Take(1).Select(asked => asked.Turn)];
        return new ReviewQuestion(part[0].Turn, Labels(choices), aboutSpeaker: false, doubt, Seconds(pieces), [.. whole, .. more, .. other < 0 ? [] : Excerpts([other], null)]);
    }

    private double Clarity(Asked asked, SpeakerGroup voice) => asked.Voice.Likeness(voice, _model) * Math.Min(asked.Voice.Seconds, ClearSeconds);

    private string[] Labels(IReadOnlyList<int> choices) => [.. choices.Select(choice => _speakers[choice].Label)];

    private Turn[] Excerpts(IReadOnlyList<int> choices, Turn? except) =>
    [
        .. choices.SelectMany(choice => _asked
            .Where(asked => asked.Owner == choice && asked.Turn != except)
            .OrderByDescending(asked => Clarity(asked, _speakers[choice].Voice))
            .ThenBy(asked => asked.Turn.Start)
            .Take(ExcerptsPerChoice)
            .Select(asked => asked.Turn)),
    ];

    private static double Logistic(double value) => 1 / (1 + Math.Exp(-value));
}
