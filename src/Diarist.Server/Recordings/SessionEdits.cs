using Diarist.Server.Http;
using Diarist.Sessions;

namespace Diarist.Server.Recordings;

/// <summary>Corrections as clients ask for them, made to a session.</summary>
internal static class SessionEdits
{
    /// <summary>Makes a correction.</summary>
    /// <exception cref="ApiException">Something is missing, or there is no such kind or turn.</exception>
    /// <exception cref="SessionEditException">It contradicts an earlier one, or names what is not there.</exception>
    public static void Apply(DiarizationSession session, EditRequest edit)
    {
        switch (edit.Kind)
        {
            case "rename":
                session.Rename(Require(edit.Label, "label"), Require(edit.Name, "name"));
                break;
            case "merge":
                session.Merge(Require(edit.Into, "into"), Require(edit.Label, "label"));
                break;
            case "split":
                session.Split(Turns(session, edit));
                break;
            case "assign":
                string speaker = edit.Label ?? Require(edit.Name, "label");
                foreach (Turn turn in Turns(session, edit))
                {
                    session.Assign(turn, speaker, edit.OnlyThese);
                }

                break;
            case "answer":
                Turn asked = One(session, edit);
                ReviewQuestion question = SessionViews.QuestionAbout(session, asked) ?? throw ApiException.Invalid("turns", "There is no question about this turn.");
                session.Answer(question, edit.Label is { } choice ? session.NameOf(choice) : Require(edit.Name, "label"));
                break;
            case "nobody":
                foreach (Turn turn in Turns(session, edit))
                {
                    session.AssignNobody(turn);
                }

                break;
            case "speakers":
                session.SetSpeakers(edit.Count is null or (>= 1 and <= 1000) ? edit.Count : throw ApiException.Invalid("count", "count lies between 1 and 1000."));
                break;
            case "boundary":
                session.MoveBoundary(One(session, edit), new TimeRange(Require(edit.Start, "start"), Require(edit.End, "end")));
                break;
            case "undo":
                session.Undo();
                break;
            case "redo":
                session.Redo();
                break;
            default:
                throw ApiException.Invalid("kind", "kind is rename, merge, split, assign, answer, nobody, speakers, boundary, undo or redo.");
        }
    }

    private static Turn One(DiarizationSession session, EditRequest edit) =>
        Turns(session, edit) is [{ } only] ? only : throw ApiException.Invalid("turns", "Only one turn can be named here.");

    private static Turn[] Turns(DiarizationSession session, EditRequest edit)
    {
        IReadOnlyList<Turn> known = SessionViews.TurnsOf(session);
        IReadOnlyList<int> numbers = edit.Turns is { Count: > 0 } given ? given : throw ApiException.Invalid("turns", "turns names at least one turn.");
        return [.. numbers.Distinct().Select(number => number >= 0 && number < known.Count ? known[number] : throw ApiException.Invalid("turns", $"There is no turn {number}."))];
    }

    private static string Require(string? text, string name) => string.IsNullOrWhiteSpace(text) ? throw ApiException.Invalid(name, $"{name} is missing.") : text;

    private static double Require(double? value, string name) => value ?? throw ApiException.Invalid(name, $"{name} is missing.");
}
