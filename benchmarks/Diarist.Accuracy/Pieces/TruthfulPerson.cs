using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>Somebody who knows the truth and says whose a turn is. Of a turn over another one it is the voice that the other turn does not name.</summary>
/// <param name="truth">Who really speaks.</param>
internal sealed class TruthfulPerson(IReadOnlyList<Turn> truth)
{
    /// <summary>Answers a question of a review.</summary>
    /// <param name="session">The session.</param>
    /// <param name="question">One of its questions.</param>
    /// <param name="onlyThisTurn">Whether nothing else changes.</param>
    public void Answer(DiarizationSession session, ReviewQuestion question, bool onlyThisTurn)
    {
        if (question.AboutSpeaker && !onlyThisTurn && Speaker(session, question.Turn) is { } person)
        {
            TimeRange[] other = [.. session.Diarization.Turns.Where(turn => turn.Speaker == question.Choices[1]).Select(turn => turn.Range)];
            session.Answer(question, PersonOf(other) == person ? question.Choices[1] : question.Choices[0]);
            return;
        }

        Assign(session, question.Turn, onlyThisTurn);
    }

    /// <summary>Says whose a turn is.</summary>
    /// <param name="session">The session.</param>
    /// <param name="turn">One of its turns.</param>
    /// <param name="onlyThisTurn">Whether nothing else changes.</param>
    public void Assign(DiarizationSession session, Turn turn, bool onlyThisTurn)
    {
        if (Speaker(session, turn) is { } person)
        {
            session.Assign(turn, Known(session, person) ?? person, onlyThisTurn);
        }
        else
        {
            session.AssignNobody(turn);
        }
    }

    private string? Speaker(DiarizationSession session, Turn turn)
    {
        Turn[] beside = [.. session.Diarization.Turns.Where(other => other.Speaker != turn.Speaker && other.Range.Overlap(turn.Range) > 0)];
        Dictionary<string, string?> people = beside.Select(other => other.Speaker).Distinct().ToDictionary(label => label, label => PersonOf(RangesOf(session, label)));
        return truth
            .GroupBy(own => own.Speaker, StringComparer.Ordinal)
            .Select(person => (person.Key, Seconds: person.Sum(own => Math.Max(0, own.Range.Overlap(turn.Range)
                - beside.Where(other => people[other.Speaker] == person.Key).Sum(other => Shared(own.Range, turn.Range, other.Range))))))
            .Where(person => person.Seconds > 0.05)
            .OrderByDescending(person => person.Seconds)
            .Select(person => person.Key)
            .FirstOrDefault();
    }

    private static double Shared(TimeRange one, TimeRange two, TimeRange three) => Math.Max(0, Math.Min(one.End, Math.Min(two.End, three.End)) - Math.Max(one.Start, Math.Max(two.Start, three.Start)));

    // A speaker is the person who says most of what he says.
    private string? Known(DiarizationSession session, string name) => session.Diarization.Speakers.Select(speaker => speaker.Label).FirstOrDefault(label => PersonOf(RangesOf(session, label)) == name);

    private static TimeRange[] RangesOf(DiarizationSession session, string label) => [.. session.Diarization.Turns.Where(turn => turn.Speaker == label).Select(turn => turn.Range)];

    private string? PersonOf(IReadOnlyList<TimeRange> ranges) => truth
        .GroupBy(turn => turn.Speaker, StringComparer.Ordinal)
        .Select(person => (person.Key, Seconds: person.Sum(turn => ranges.Sum(range => range.Overlap(turn.Range)))))
        .Where(person => person.Seconds > 0)
        .OrderByDescending(person => person.Seconds)
        .Select(person => person.Key)
        .FirstOrDefault();
}
