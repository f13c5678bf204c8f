using System.Globalization;
using System.Text;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>
/// What better questions could do: of all turns the one is asked about whose truthful answer leaves least confusion, again and again. It looks one answer
/// ahead and asks about turns only, so that it is an estimate and no bound.
/// </summary>
internal static class BestQuestions
{
    /// <summary>Writes confusion against the number of answers, pooled over recordings, and what is left.</summary>
    public static void Run(IReadOnlyList<(FolderRecording Recording, HeardSpeech Heard)> recordings, int answers)
    {
        var curves = new AnswerCurves(answers);
        var gate = new Lock();
        Parallel.ForEach(recordings, new ParallelOptions { MaxDegreeOfParallelism = 2 }, pair =>
        {
            var log = new StringBuilder();
            AnswerScore[] one = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: false, log);
            AnswerScore[] other = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: true, new StringBuilder());
            lock (gate)
            {
                curves.Add(pair.Recording.Name, one, other);
                Console.Write(log);
            }
        });
        curves.Write();
    }

    private static AnswerScore[] Correct(FolderRecording recording, HeardSpeech heard, int answers, bool onlyThisTurn, StringBuilder log)
    {
        DiarizationSession session = AnswerCurves.SessionOf(recording, heard);
        var person = new TruthfulPerson(recording.Truth);
        var scores = new AnswerScore[answers + 1];
        AnswerScore Score() => AnswerCurves.Score(recording, session);
        scores[0] = Score();
        for (int count = 1; count <= answers; count++)
        {
            scores[count] = scores[count - 1];
            ConfusedTime confused = ConfusedTime.Of(recording, session.Diarization.Turns, heard.Duration);
            Turn[] candidates = [.. session.Diarization.Turns.Where(turn => confused.Stretches.Sum(stretch => stretch.Range.Overlap(turn.Range)) > 0.05)];
            (Turn Turn, AnswerScore Score)? best = null;
            foreach (Turn turn in candidates)
            {
                try
                {
                    person.Assign(session, turn, onlyThisTurn);
                }
                catch (SessionEditException)
                {
                    continue;
                }

                if (Score() is var after && after.Confusion < (best?.Score ?? scores[count - 1]).Confusion - 1e-3)
                {
                    best = (turn, after);
                }

                session.Undo();
            }

            if (best is not { } chosen)
            {
                continue;
            }

            int rank = session.Review(200).Select((question, index) => (question, index)).Where(pair => pair.question.Turn.Range == chosen.Turn.Range && !pair.question.AboutSpeaker).Select(pair => pair.index + 1).FirstOrDefault();
            log.AppendLine(string.Create(CultureInfo.InvariantCulture, $"    {chosen.Turn.Start:0.00} {chosen.Turn.End:0.00} {chosen.Turn.Speaker} saves {scores[count - 1].Confusion - chosen.Score.Confusion:0.00} of {scores[count - 1].Confusion:0.00} s, place in review {rank}"));
            person.Assign(session, chosen.Turn, onlyThisTurn);
            scores[count] = Score();
        }

        ConfusedTime left = ConfusedTime.Of(recording, session.Diarization.Turns, heard.Duration);
        log.AppendLine(string.Create(CultureInfo.InvariantCulture, $"    left {string.Join(", ", left.Seconds.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.00}")))}"));
        return scores;
    }
}
