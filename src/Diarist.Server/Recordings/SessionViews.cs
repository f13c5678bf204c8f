using Diarist.Attribution;
using Diarist.Sessions;
using Diarist.Transcripts;

namespace Diarist.Server.Recordings;

/// <summary>Sessions as the page sees them. A turn's number is its place in the list of readable turns, and holds for one revision.</summary>
internal static class SessionViews
{
    private const double UncertainBelow = 0.7;
    private const int MostQuestions = 20;
    private const int MostChoices = 4;
    private const double LongestExcerpt = 6;

    /// <summary>The turns that are shown, with labels.</summary>
    public static IReadOnlyList<Turn> TurnsOf(DiarizationSession session) => session.Labelled.WithReadableTurns(Diarization.BriefestReadableTurn, minimumGap: 0).Turns;

    /// <summary>Words with speakers; <see langword="null"/> where the session has no transcript.</summary>
    /// <param name="session">The session.</param>
    /// <param name="named">Whether speakers have their names instead of their labels.</param>
    /// <param name="document">The transcript as it came.</param>
    public static AttributedTranscript? Attribute(DiarizationSession session, bool named, out TranscriptDocument? document)
    {
        document = session.Transcript is { } transcript ? TranscriptDocument.Read(transcript.Content.ToArray(), transcript.Name) : null;
        Diarization heard = named ? session.Diarization : session.Labelled;
        return document is null ? null : SpeakerAttribution.Assign(document.Transcript, heard.Turns) with { Packs = heard.Packs };
    }

    /// <summary>The whole session.</summary>
    public static SessionView Of(DiarizationSession session)
    {
        Diarization shown = session.Labelled.WithReadableTurns(Diarization.BriefestReadableTurn, minimumGap: 0);
        SpeakerCountReport count = shown.Count;
        AttributedTranscript? transcript = Attribute(session, named: false, out _);
        return new SessionView
        {
            Revision = session.Revision,
            Seconds = session.Recording.Duration,
            Speakers = [.. shown.Speakers.Select(speaker => new SpeakerView(speaker.Label, session.NameOf(speaker.Label), Rounded(speaker.Duration), speaker.IsGhost))],
            Turns = [.. shown.Turns.Select((turn, index) => new TurnView(index, Rounded(turn.Start), Rounded(turn.End), turn.Speaker, Rounded(turn.Confidence), turn.Confidence < UncertainBelow))],
            Words = transcript is null ? [] : [.. Words(transcript)],
            Count = new CountView(count.Found, count.Requested.Exact, count.Requested.Minimum, count.Requested.Maximum, Rounded(count.Certainty), count.RunnerUp, count.Uncertain),
            CanUndo = session.CanUndo,
            CanRedo = session.CanRedo,
            UndoText = session.CanUndo ? session.Edits[^1].ToString() : null,
            RedoText = session.Undone?.ToString(),
        };
    }

    /// <summary>What to look at first: uncertain turns, those that say most first, each with the speakers who are near.</summary>
    public static ReviewView Review(DiarizationSession session)
    {
        IReadOnlyList<Turn> turns = TurnsOf(session);
        IEnumerable<(int Index, Turn Turn)> uncertain = turns.Index()
            .Where(pair => pair.Item.Confidence < UncertainBelow)
            .OrderByDescending(pair => pair.Item.Duration * (1 - pair.Item.Confidence!.Value)).ThenBy(pair => pair.Index)
            .Take(MostQuestions);
        return new ReviewView(session.Revision, [.. uncertain.Select(pair => Question(session, turns, pair.Index))]);
    }

    private static QuestionView Question(DiarizationSession session, IReadOnlyList<Turn> turns, int index)
    {
        Turn asked = turns[index];
        string[] near = [.. turns.Where(turn => turn != asked)
            .OrderBy(turn => Math.Abs(turn.Range.Middle - asked.Range.Middle))
            .Select(turn => turn.Speaker).Prepend(asked.Speaker).Distinct().Take(MostChoices)];
        return new QuestionView(
            index,
            Rounded(asked.Start),
            Rounded(asked.End),
            [.. near.Select(label => new ChoiceView(label, session.NameOf(label)))],
            Rounded(asked.Duration),
            [.. near.Select(label => Excerpt(turns, label, asked)).OfType<ExcerptView>()]);
    }

    /// <summary>Where a speaker is heard best: in the longest of the turns that are certain.</summary>
    private static ExcerptView? Excerpt(IReadOnlyList<Turn> turns, string label, Turn asked)
    {
        Turn? best = turns.Where(turn => turn.Speaker == label && turn != asked)
            .OrderBy(turn => turn.Confidence < UncertainBelow).ThenByDescending(turn => turn.Duration)
            .Cast<Turn?>().FirstOrDefault();
        return best is { } turn ? new ExcerptView(label, Rounded(turn.Start), Rounded(Math.Min(turn.End, turn.Start + LongestExcerpt))) : null;
    }

    private static IEnumerable<WordView> Words(AttributedTranscript transcript)
    {
        foreach (AttributedSegment segment in transcript.Segments)
        {
            if (segment.Words.Count == 0)
            {
                yield return View(segment.Segment.Text.Trim(), segment.Segment.Range, segment.Choice, joins: false);
            }

            foreach (AttributedWord word in segment.Words)
            {
                yield return View(word.Word.Text, word.Word.Range, word.Choice, word.Word.JoinsPrevious);
            }
        }
    }

    private static WordView View(string text, TimeRange? range, SpeakerChoice choice, bool joins) =>
        new(Rounded(range?.Start), Rounded(range?.End), text, choice.Speaker, Rounded(choice.Confidence), choice.Uncertain, joins);

    private static double Rounded(double value) => Math.Round(value, 3, MidpointRounding.ToEven);

    private static double? Rounded(double? value) => value is { } number && double.IsFinite(number) ? Rounded(number) : null;
}
