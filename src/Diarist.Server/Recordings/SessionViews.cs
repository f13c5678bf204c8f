using Diarist.Attribution;
using Diarist.Sessions;
using Diarist.Transcripts;

namespace Diarist.Server.Recordings;

/// <summary>Sessions as the page sees them. A turn's number is its place in the list of readable turns, and holds for one revision.</summary>
internal static class SessionViews
{
    private const double UncertainBelow = 0.7;
    private const int MostQuestions = 20;
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
        return document is null ? null : SpeakerAttribution.Assign(document.Transcript, heard);
    }

    /// <summary>The names of the speakers who were recognized, by their labels.</summary>
    public static Dictionary<string, string> RecognizedNames(DiarizationSession session) =>
        session.Labelled.Identities.Where(identity => identity.Name is not null).ToDictionary(identity => identity.Label, identity => identity.Name!, StringComparer.Ordinal);

    /// <summary>The whole session.</summary>
    public static SessionView Of(DiarizationSession session)
    {
        Diarization shown = session.Labelled.WithReadableTurns(Diarization.BriefestReadableTurn, minimumGap: 0);
        SpeakerCountReport count = shown.Count;
        AttributedTranscript? transcript = Attribute(session, named: false, out TranscriptDocument? document);
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
            Warnings = [.. document?.Warnings ?? [], .. transcript?.Warnings ?? []],
        };
    }

    /// <summary>What to look at first: the session's questions, those whose answers change most first.</summary>
    public static ReviewView Review(DiarizationSession session)
    {
        Dictionary<string, string> labels = session.Labelled.Speakers.ToDictionary(speaker => session.NameOf(speaker.Label), speaker => speaker.Label, StringComparer.Ordinal);
        IReadOnlyList<Turn> turns = TurnsOf(session);
        return new ReviewView(session.Revision, [.. session.Review(MostQuestions).Select(question => Question(question, turns, labels)).OfType<QuestionView>()]);
    }

    /// <summary>The question about a turn; <see langword="null"/> when there is none.</summary>
    public static ReviewQuestion? QuestionAbout(DiarizationSession session, Turn turn) =>
        session.Review(MostQuestions).FirstOrDefault(question => question.Turn.Range == turn.Range && question.Turn.Speaker == session.NameOf(turn.Speaker));

    private static QuestionView? Question(ReviewQuestion question, IReadOnlyList<Turn> turns, Dictionary<string, string> labels)
    {
        string label = labels.GetValueOrDefault(question.Turn.Speaker, question.Turn.Speaker);
        int index = turns.Index().Where(pair => pair.Item.Range == question.Turn.Range && pair.Item.Speaker == label).Select(pair => pair.Index).DefaultIfEmpty(-1).First();
        return index < 0 ? null : new QuestionView(
            index,
            Rounded(question.Turn.Start),
            Rounded(question.Turn.End),
            [.. question.Choices.Select(name => new ChoiceView(labels.GetValueOrDefault(name, name), name))],
            Rounded(question.AffectedDuration),
            [.. question.Excerpts.Select(excerpt => new ExcerptView(labels.GetValueOrDefault(excerpt.Speaker, excerpt.Speaker), Rounded(excerpt.Start), Rounded(Math.Min(excerpt.End, excerpt.Start + LongestExcerpt))))],
            question.AboutSpeaker,
            question.ToString());
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
