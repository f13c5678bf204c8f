using System.Globalization;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>Somebody who answers the first question of a review truthfully, again and again; beside it the same answers for single turns only.</summary>
internal static class Corrector
{
    /// <summary>Writes confusion and wrong words against the number of answers, pooled over recordings.</summary>
    /// <param name="recordings">What was heard, with its truth.</param>
    /// <param name="answers">How many questions are answered in each recording.</param>
    public static void Run(IReadOnlyList<(FolderRecording Recording, HeardSpeech Heard)> recordings, int answers)
    {
        var curves = new AnswerCurves(answers);
        var kinds = new SortedDictionary<string, double>[3];
        for (int which = 0; which < kinds.Length; which++)
        {
            kinds[which] = new SortedDictionary<string, double>(StringComparer.Ordinal);
        }

        var gate = new Lock();
        Parallel.ForEach(recordings, new ParallelOptions { MaxDegreeOfParallelism = 2 }, pair =>
        {
            (AnswerScore[] one, ConfusedTime before, ConfusedTime after) = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: false);
            (AnswerScore[] other, _, ConfusedTime alone) = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: true);
            lock (gate)
            {
                curves.Add(pair.Recording.Name, one, other);
                foreach ((ConfusedTime time, SortedDictionary<string, double> sum) in new[] { before, after, alone }.Zip(kinds))
                {
                    foreach ((string kind, double seconds) in time.Seconds)
                    {
                        sum[kind] = sum.GetValueOrDefault(kind) + seconds;
                    }
                }
            }
        });
        curves.Write();
        Console.WriteLine("seconds confused            before   after answers   single turns only");
        foreach (string kind in kinds.SelectMany(sum => sum.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-24} {kinds[0].GetValueOrDefault(kind),9:0.0} {kinds[1].GetValueOrDefault(kind),15:0.0} {kinds[2].GetValueOrDefault(kind),19:0.0}"));
        }
    }

    private static (AnswerScore[] Scores, ConfusedTime Before, ConfusedTime After) Correct(FolderRecording recording, HeardSpeech heard, int answers, bool onlyThisTurn)
    {
        DiarizationSession session = AnswerCurves.SessionOf(recording, heard);
        var person = new TruthfulPerson(recording.Truth);
        var scores = new AnswerScore[answers + 1];
        AnswerScore Score() => AnswerCurves.Score(recording, session);
        scores[0] = Score();
        ConfusedTime before = ConfusedTime.Of(recording, session.Diarization.Turns, heard.Duration);
        var asked = new HashSet<(TimeRange, bool)>();
        for (int count = 1; count <= answers; count++)
        {
            ReviewQuestion? question = session.Review(answers + 1).FirstOrDefault(question => asked.Add((question.Turn.Range, question.AboutSpeaker)));
            if (question is not null)
            {
                try
                {
                    person.Answer(session, question, onlyThisTurn);
                }
                catch (SessionEditException)
                {
                    // The truth contradicts an earlier answer where a turn holds two people: a person would go on with the next question.
                }
            }

            scores[count] = Score();
        }

        return (scores, before, ConfusedTime.Of(recording, session.Diarization.Turns, heard.Duration));
    }
}
