using System.Globalization;
using Diarist.Audio;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>Somebody who answers the first question of a review truthfully, again and again; beside it the same answers for single turns only.</summary>
internal static class Corrector
{
    /// <summary>Writes confusion against the number of answers, pooled over recordings.</summary>
    /// <param name="recordings">What was heard, with its truth.</param>
    /// <param name="answers">How many questions are answered in each recording.</param>
    public static void Run(IReadOnlyList<(FolderRecording Recording, HeardSpeech Heard)> recordings, int answers)
    {
        var spread = new DiarizationErrors[answers + 1];
        var single = new DiarizationErrors[answers + 1];
        var gate = new Lock();
        Parallel.ForEach(recordings, new ParallelOptions { MaxDegreeOfParallelism = 2 }, pair =>
        {
            DiarizationErrors[] one = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: false);
            DiarizationErrors[] other = Correct(pair.Recording, pair.Heard, answers, onlyThisTurn: true);
            lock (gate)
            {
                for (int count = 0; count <= answers; count++)
                {
                    spread[count] += one[count];
                    single[count] += other[count];
                }

                string Curve(DiarizationErrors[] errors) => string.Join(' ', errors.Select(error => (100 * error.Share(error.Confusion)).ToString("0.00", CultureInfo.InvariantCulture)));
                Console.WriteLine($"{pair.Recording.Name}\n  spread {Curve(one)}\n  single {Curve(other)}");
            }
        });
        Console.WriteLine("answers  confusion, corrections spread  single turns only");
        for (int count = 0; count <= answers; count++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7}  {100 * spread[count].Share(spread[count].Confusion),29:0.00}  {100 * single[count].Share(single[count].Confusion),17:0.00}"));
        }
    }

    private static DiarizationErrors[] Correct(FolderRecording recording, HeardSpeech heard, int answers, bool onlyThisTurn)
    {
        heard.RoundToHalf();
        var session = new DiarizationSession(new SessionRecording(new AudioInfo(recording.Name, "WAV", 16000, 1, 16, null), "", heard.Duration), heard, new DiarizerOptions(), [], [], []);
        var errors = new DiarizationErrors[answers + 1];
        DiarizationErrors Score() => DiarizationErrorRate.Compute(recording.Truth, session.Diarization.Turns, new DiarizationScoringOptions { Regions = recording.Regions }).Errors;
        errors[0] = Score();
        var asked = new HashSet<(TimeRange, bool)>();
        for (int count = 1; count <= answers; count++)
        {
            ReviewQuestion? question = session.Review(answers + 1).FirstOrDefault(question => asked.Add((question.Turn.Range, question.AboutSpeaker)));
            if (question is not null)
            {
                try
                {
                    Answer(session, question, recording.Truth, onlyThisTurn);
                }
                catch (SessionEditException)
                {
                    // The truth contradicts an earlier answer where a turn holds two people: a person would go on with the next question.
                }
            }

            errors[count] = Score();
        }

        return errors;
    }

    private static void Answer(DiarizationSession session, ReviewQuestion question, IReadOnlyList<Turn> truth, bool onlyThisTurn)
    {
        string? person = PersonOf(truth, [question.Turn.Range]);
        if (person is null)
        {
            session.AssignNobody(question.Turn);
            return;
        }

        // A speaker is the person who says most of what he says.
        string? Known(string name) => session.Diarization.Speakers.Select(speaker => speaker.Label)
            .FirstOrDefault(label => PersonOf(truth, [.. session.Diarization.Turns.Where(turn => turn.Speaker == label).Select(turn => turn.Range)]) == name);

        if (question.AboutSpeaker && !onlyThisTurn)
        {
            TimeRange[] other = [.. session.Diarization.Turns.Where(turn => turn.Speaker == question.Choices[1]).Select(turn => turn.Range)];
            session.Answer(question, PersonOf(truth, other) == person ? question.Choices[1] : question.Choices[0]);
            return;
        }

        session.Assign(question.Turn, Known(person) ?? person, onlyThisTurn);
    }

    private static string? PersonOf(IReadOnlyList<Turn> truth, IReadOnlyList<TimeRange> ranges) => truth
        .GroupBy(turn => turn.Speaker, StringComparer.Ordinal)
        .Select(person => (person.Key, Seconds: person.Sum(turn => ranges.Sum(range => range.Overlap(turn.Range)))))
        .Where(person => person.Seconds > 0)
        .OrderByDescending(person => person.Seconds)
        .Select(person => person.Key)
        .FirstOrDefault();
}
