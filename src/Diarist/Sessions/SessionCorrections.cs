using Diarist.Reconstruction;
using Diarist.Segments;

namespace Diarist.Sessions;

public sealed partial class DiarizationSession
{
    private const int AnchorsPerSpeaker = 3;
    private const double LongestName = 200;
    private const double LeastShareInside = 0.9;

    /// <summary>Gives a speaker a name. No turn changes its speaker.</summary>
    /// <param name="speaker">A label or a name.</param>
    /// <param name="name">The name, one line.</param>
    /// <exception cref="SessionEditException">There is no such speaker, or another one has the name.</exception>
    public SessionEdit Rename(string speaker, string name)
    {
        string label = LabelOf(speaker);
        name = (name ?? "").Trim();
        if (name.Length is 0 or > (int)LongestName || name.Any(char.IsControl))
        {
            throw new SessionEditException($"A name is one line of 1 to {LongestName} characters.");
        }

        if (Labels().Any(other => other != label && ShownAs(other) == name))
        {
            throw new SessionEditException($"Another speaker is called {name} already; merge the two if they are one person.");
        }

        return Make(new SessionEdit { Kind = SessionEditKind.Rename, Speaker = label, Name = name, Anchors = NewAnchors() });
    }

    /// <summary>States that two speakers are one person; all turns are made anew with it.</summary>
    /// <param name="speaker">The one whose label stays.</param>
    /// <param name="other">The other one.</param>
    /// <exception cref="SessionEditException">There is no such speaker, or an earlier correction contradicts.</exception>
    public SessionEdit Merge(string speaker, string other)
    {
        (string left, string right) = (LabelOf(speaker), LabelOf(other));
        if (left == right)
        {
            throw new SessionEditException($"{speaker} and {other} are the same speaker.");
        }

        return Make(new SessionEdit { Kind = SessionEditKind.Merge, Speaker = left, Other = right, Anchors = NewAnchors(), Pieces = _heard is null ? [] : [PiecesOf(left), PiecesOf(right)] });
    }

    /// <summary>States that turns are of different people, each of another; all turns are made anew with it.</summary>
    /// <param name="turns">Two turns or more, of <see cref="Diarization.Turns"/>.</param>
    /// <exception cref="SessionEditException">Voices were forgotten, a turn is too short to tell a voice, or an earlier correction contradicts.</exception>
    public SessionEdit Split(params IReadOnlyList<Turn> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        RequireVoices();
        Turn[] own = [.. turns.Select(TurnAs)];
        int[][] pieces = [.. own.Select(turn => PiecesIn(turn.Range))];
        HashSet<int> shared = [.. pieces.SelectMany(list => list).GroupBy(piece => piece).Where(group => group.Count() > 1).Select(group => group.Key)];
        pieces = [.. pieces.Select(list => list.Where(piece => !shared.Contains(piece)).ToArray())];
        int mute = Array.FindIndex(pieces, list => list.Length == 0);
        if (turns.Count < 2 || mute >= 0)
        {
            throw new SessionEditException(turns.Count < 2
                ? "Two turns or more are needed that are of different people."
                : $"Nobody speaks alone for long enough in the turn at {SessionEdit.Clock(own[mute].Start)}; say whose it is instead.");
        }

        return Make(new SessionEdit { Kind = SessionEditKind.Split, Turns = own, Pieces = pieces, Anchors = NewAnchors() });
    }

    /// <summary>States whose a turn is. All turns are made anew with it unless only this one is meant.</summary>
    /// <param name="turn">One of <see cref="Diarization.Turns"/>.</param>
    /// <param name="speaker">A label or a name; a name that nobody has makes a new speaker.</param>
    /// <param name="onlyThisTurn">Whether nothing else changes.</param>
    /// <exception cref="SessionEditException">There is no such turn, or an earlier correction contradicts.</exception>
    public SessionEdit Assign(Turn turn, string speaker, bool onlyThisTurn = false)
    {
        Turn own = TurnAs(turn);
        string? label = Labels().FirstOrDefault(known => known == speaker || ShownAs(known) == speaker);
        var anchors = new SortedDictionary<string, int[]>(NewAnchors().ToDictionary(), StringComparer.Ordinal);
        string? name = null;

        // What is heard alone at the edges of a turn over another one is the other one's voice.
        int[] pieces = _heard is null || new OverlaidTurns(_state.Labelled.Turns).IsOverlaid(own) ? [] : PiecesWithin(own.Range);
        if (label is null)
        {
            label = SessionState.Free([.. Labels(), .. _state.Statements.People.Select(person => person.Key), .. _kept.Speakers.Select(known => known.Label)]);
            name = string.IsNullOrWhiteSpace(speaker) || speaker.Length > LongestName || speaker.Any(char.IsControl) ? throw new SessionEditException("A speaker's name is one line.") : speaker.Trim();
            anchors[label] = [];
        }

        bool spreads = !onlyThisTurn && pieces.Length > 0;
        return Make(new SessionEdit
        {
            Kind = SessionEditKind.Assign,
            Turns = [own],
            Speaker = label,
            Name = name,
            OnlyThisTurn = !spreads,
            Pieces = spreads ? [pieces] : [],
            Anchors = anchors,
            Seeds = spreads ? SeedsOf(own, label, pieces) : new SortedDictionary<string, int[]>(StringComparer.Ordinal),
        });
    }

    /// <summary>The pieces of every speaker, those that go along with a turn already with the one who gets it, where they are not held to be theirs yet.</summary>
    private SortedDictionary<string, int[]> SeedsOf(Turn turn, string label, int[] pieces)
    {
        (int from, int to) = (_state.GroupOf(turn.Speaker), _state.GroupOf(label));
        HashSet<int> said = [.. _state.Statements.Said, .. pieces];
        HashSet<int> along = [.. new TurnFollowers(_heard!, _state.Clustered!.Found.Groups, said).Find(pieces, from, to)];
        var seeds = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        foreach (string speaker in Labels().Append(label).Distinct())
        {
            int[] changed =
            [
                .. PiecesOf(speaker).Where(piece => !along.Contains(piece)).Concat(speaker == label ? along : [])
                    .Where(piece => !said.Contains(piece) && _state.Statements.Seeds.GetValueOrDefault(piece) != speaker).Order(),
            ];
            if (changed.Length > 0)
            {
                seeds[speaker] = changed;
            }
        }

        return seeds;
    }

    /// <summary>States that a turn is nobody's: noise, or a voice that is not of the conversation.</summary>
    /// <param name="turn">One of <see cref="Diarization.Turns"/>.</param>
    /// <exception cref="SessionEditException">There is no such turn.</exception>
    public SessionEdit AssignNobody(Turn turn) => Make(new SessionEdit { Kind = SessionEditKind.Nobody, Turns = [TurnAs(turn)], OnlyThisTurn = true, Anchors = NewAnchors() });

    /// <summary>States the number of speakers; <see langword="null"/> for unknown.</summary>
    /// <exception cref="SessionEditException">Voices were forgotten.</exception>
    public SessionEdit SetSpeakers(int? count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count ?? 1, 1, nameof(count));
        RequireVoices();
        return Make(new SessionEdit { Kind = SessionEditKind.Speakers, Count = count });
    }

    /// <summary>Moves the ends of a turn.</summary>
    /// <param name="turn">One of <see cref="Diarization.Turns"/>.</param>
    /// <param name="range">Where it lies, within the recording.</param>
    /// <exception cref="SessionEditException">There is no such turn, or the range is empty or beyond the recording.</exception>
    public SessionEdit MoveBoundary(Turn turn, TimeRange range)
    {
        if (!(range.Start >= 0 && range.End <= Recording.Duration + 1e-6) || range.IsEmpty)
        {
            throw new SessionEditException($"A turn lies within the recording, from 0:00 to {SessionEdit.Clock(Recording.Duration)}, and is not empty.");
        }

        return Make(new SessionEdit { Kind = SessionEditKind.Boundary, Turns = [TurnAs(turn)], Range = range, OnlyThisTurn = true, Anchors = NewAnchors() });
    }

    /// <summary>What to look at first: questions whose answers change most, the most important one first.</summary>
    /// <param name="most">At most so many questions.</param>
    /// <returns>Questions; none where voices were forgotten, or nothing is in doubt.</returns>
    public IReadOnlyList<ReviewQuestion> Review(int most = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (_heard is null || _state.Clustered is null)
        {
            return [];
        }

        Turn Shown(Turn turn) => turn with { Speaker = ShownAs(turn.Speaker) };
        return
        [
            .. SessionReview.Run(_heard, _state, _done, most).Select(question => question with
            {
                Turn = Shown(question.Turn),
                Choices = [.. question.Choices.Select(ShownAs)],
                Excerpts = [.. question.Excerpts.Select(Shown)],
            }),
        ];
    }

    /// <summary>Answers a question. All turns are made anew with it.</summary>
    /// <param name="question">A question of <see cref="Review"/>, asked since the last correction.</param>
    /// <param name="speaker">Whose the turn is: one of the choices, another speaker, or a name that nobody has.</param>
    /// <returns>The correction: a merge or a split where the question is about two speakers, else an assignment.</returns>
    /// <exception cref="SessionEditException">An earlier correction contradicts.</exception>
    public SessionEdit Answer(ReviewQuestion question, string speaker)
    {
        ArgumentNullException.ThrowIfNull(question);
        return !question.AboutSpeaker || !question.Choices.Contains(speaker) ? Assign(question.Turn, speaker)
            : speaker != question.Choices[0] ? Merge(speaker, question.Choices[0])
            : Split(question.Turn, question.Excerpts.FirstOrDefault(turn => turn.Speaker == question.Choices[1]) is { Speaker: not null } other
                ? other
                : throw new SessionEditException($"{question.Choices[1]} has no turn that tells the voice; say whose the turn at {SessionEdit.Clock(question.Turn.Start)} is."));
    }

    private SessionEdit Make(SessionEdit edit)
    {
        SessionState next = SessionState.Of(_heard, _kept, [.. _done, edit], default, _clusterings);
        _done.Add(edit);
        _undone.Clear();
        _lines.Add(SessionEditJson.Write(edit));
        _state = next;
        return edit;
    }

    private void RequireVoices()
    {
        if (_heard is null)
        {
            throw new SessionEditException("The voices of this session were forgotten, so turns cannot be made anew; single turns can still be corrected.");
        }
    }

    private IEnumerable<string> Labels() => _state.Labelled.Speakers.Select(speaker => speaker.Label);

    /// <summary>The name of a speaker; the label itself where none was given.</summary>
    /// <param name="label">A label, as in <see cref="Labelled"/>.</param>
    public string NameOf(string label) => ShownAs(label);

    private string ShownAs(string label) => _state.Names.TryGetValue(label, out string? name) ? name : _names.GetValueOrDefault(label, label);

    private string LabelOf(string speaker) => Labels().FirstOrDefault(label => ShownAs(label) == speaker) ?? Labels().FirstOrDefault(label => label == speaker)
        ?? throw new SessionEditException($"There is no speaker {speaker}; there are {string.Join(", ", Labels().Select(ShownAs))}.");

    private Turn TurnAs(Turn turn) => _state.Labelled.Turns.Where(own => Math.Abs(own.Start - turn.Start) < 1e-6 && Math.Abs(own.End - turn.End) < 1e-6 && (own.Speaker == turn.Speaker || ShownAs(own.Speaker) == turn.Speaker)).Cast<Turn?>().FirstOrDefault()
        ?? throw new SessionEditException($"{turn.Speaker} has no turn from {SessionEdit.Clock(turn.Start)} to {SessionEdit.Clock(turn.End)}.");

    /// <summary>The pieces with a voice whose middle lies in a range.</summary>
    private int[] PiecesIn(TimeRange range) => [.. (_times ??= new PieceTimes(_heard!.Pieces)).In(range)];

    /// <summary>Those of them that hardly reach beyond it: what is beyond may be somebody else's.</summary>
    private int[] PiecesWithin(TimeRange range) => [.. PiecesIn(range).Where(piece =>
    {
        Piece own = _heard!.Pieces.Pieces[piece];
        var time = new TimeRange(TurnReconstruction.Boundary(own.Start), TurnReconstruction.Boundary(own.End));
        return time.Overlap(range) >= LeastShareInside * time.Duration;
    })];

    private int[] PiecesOf(string label)
    {
        PieceGroups groups = _state.Clustered!.Found.Groups;
        int group = _state.GroupOf(label);
        return [.. Enumerable.Range(0, groups.Used.Length).Where(item => group >= 0 && groups.Labels[item] == group).Select(item => groups.Used[item])];
    }

    /// <summary>The pieces that stand best for speakers who were not mentioned before.</summary>
    private SortedDictionary<string, int[]> NewAnchors()
    {
        var anchors = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        HashSet<string> known = [.. _state.Statements.People.Select(person => person.Key)];
        foreach (string label in Labels().Where(label => !known.Contains(label)))
        {
            anchors[label] = _heard is null || _state.GroupOf(label) < 0 ? [] : Best(label);
        }

        return anchors;
    }

    private int[] Best(string label)
    {
        PieceVectors pieces = _heard!.Pieces;
        double[] centre = _state.Clustered!.Found.Groups.Groups[_state.GroupOf(label)].Centre();
        double Likeness(int piece)
        {
            double sum = 0;
            ReadOnlySpan<float> vector = pieces[piece];
            for (int axis = 0; axis < centre.Length; axis++)
            {
                sum += vector[axis] * centre[axis];
            }

            return sum * Math.Min(pieces.Seconds[piece], 1.5);
        }

        return [.. PiecesOf(label).OrderByDescending(Likeness).ThenBy(piece => piece).Take(AnchorsPerSpeaker).Order()];
    }
}
