namespace Diarist.Sessions;

/// <content>Questions about turns that lie over others.</content>
internal sealed partial class SessionReview
{
    // A turn over another one, further than so many seconds from where its speaker is alone, is wrong a third of the time: in half of the cases where
    // just under half of the windows agree, in a sixth where all do.
    private const double Beside = 0.5;
    private const double EvenAgreement = 0.46;
    private const double AgreementSlope = 0.36;

    private IEnumerable<ReviewQuestion> AboutOverlaid(SessionState state, IReadOnlyList<SessionEdit> edits)
    {
        var overlaid = new OverlaidTurns(state.Labelled.Turns);
        foreach (Turn turn in state.Labelled.Turns.Where(turn => overlaid.IsOverlaid(turn) && overlaid.Distance(turn) > Beside && !IsAnswered(turn, edits, state.Statements)))
        {
            // The other choice is who is heard alone beside it.
            HashSet<string> during = [turn.Speaker, .. state.Labelled.Turns.Where(other => other.Range.Overlap(turn.Range) > 0.5 * turn.Duration).Select(other => other.Speaker)];
            int owner = _speakers.FindIndex(speaker => speaker.Label == turn.Speaker);
            int other = overlaid.Nearest(turn, during) is { } beside ? _speakers.FindIndex(speaker => speaker.Label == beside) : -1;
            if (owner >= 0 && other >= 0)
            {
                double doubt = Logistic((EvenAgreement - (turn.Confidence ?? 1)) / AgreementSlope);
                yield return new ReviewQuestion(turn, Labels([owner, other]), aboutSpeaker: false, doubt, turn.Duration, Excerpts([owner, other], turn));
            }
        }
    }

    // What was said of the turn below it says nothing of this one.
    private static bool IsAnswered(Turn turn, IReadOnlyList<SessionEdit> edits, SessionStatements statements) => edits.Any(edit =>
        edit.Kind is not SessionEditKind.Rename
        && edit.Turns.Any(said => said.Range.Overlap(turn.Range) > 0.5 * turn.Duration && ((string?[])[said.Speaker, edit.Speaker]).Any(label => label is not null && statements.PersonOf(label) == turn.Speaker)));
}
