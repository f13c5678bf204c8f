using System.Globalization;
using Diarist.Audio;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>How wrong a session is.</summary>
/// <param name="Errors">Its errors in time.</param>
/// <param name="WrongWords">Words of 0.3 s through every person's true speech that go to the wrong speaker or to nobody.</param>
/// <param name="Words">All such words.</param>
internal readonly record struct AnswerScore(DiarizationErrors Errors, int WrongWords, int Words)
{
    /// <summary>Seconds that the wrong speaker has.</summary>
    public double Confusion => Errors.Confusion;

    /// <summary>The same in percent of the true speech.</summary>
    public double ConfusedPercent => 100 * Errors.Share(Errors.Confusion);

    /// <summary>Wrong words in percent.</summary>
    public double WrongWordsPercent => Words == 0 ? 0 : 100.0 * WrongWords / Words;

    public static AnswerScore operator +(AnswerScore left, AnswerScore right) =>
        new(left.Errors + right.Errors, left.WrongWords + right.WrongWords, left.Words + right.Words);
}

/// <summary>Confusion and wrong words against the number of answers, pooled over recordings: where corrections spread, and where each changes its turn only.</summary>
/// <param name="answers">How many answers each recording gets.</param>
internal sealed class AnswerCurves(int answers)
{
    private readonly AnswerScore[] _spread = new AnswerScore[answers + 1];
    private readonly AnswerScore[] _single = new AnswerScore[answers + 1];

    /// <summary>A session of what was heard, without corrections.</summary>
    public static DiarizationSession SessionOf(FolderRecording recording, HeardSpeech heard)
    {
        heard.RoundToHalf();
        return new DiarizationSession(new SessionRecording(new AudioInfo(recording.Name, "WAV", 16000, 1, 16, null), "", heard.Duration), heard, new DiarizerOptions(), [], [], []);
    }

    /// <summary>The score of a session as it is now.</summary>
    public static AnswerScore Score(FolderRecording recording, DiarizationSession session)
    {
        DiarizationScore score = DiarizationErrorRate.Compute(recording.Truth, session.Diarization.Turns, new DiarizationScoringOptions { Regions = recording.Regions });
        (int wrong, int words) = WordTrials.CountWrong(recording, session.Diarization.Turns, score);
        return new AnswerScore(score.Errors, wrong, words);
    }

    /// <summary>Adds a recording and writes its two curves.</summary>
    /// <param name="name">The recording.</param>
    /// <param name="spread">The scores after each answer, where corrections spread.</param>
    /// <param name="single">The same where each answer changes its turn only.</param>
    public void Add(string name, AnswerScore[] spread, AnswerScore[] single)
    {
        for (int count = 0; count <= answers; count++)
        {
            _spread[count] += spread[count];
            _single[count] += single[count];
        }

        Console.WriteLine($"{name}\n  spread {Curve(spread)}\n  single {Curve(single)}");
    }

    /// <summary>Writes the pooled curves as a table.</summary>
    public void Write()
    {
        Console.WriteLine("answers  confusion, corrections spread  single turns only  words wrong, spread  single turns only");
        for (int count = 0; count <= answers; count++)
        {
            (AnswerScore spread, AnswerScore single) = (_spread[count], _single[count]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{count,7}  {spread.ConfusedPercent,29:0.00}  {single.ConfusedPercent,17:0.00}  {spread.WrongWordsPercent,19:0.00}  {single.WrongWordsPercent,17:0.00}"));
        }
    }

    private static string Curve(AnswerScore[] scores) => string.Join(' ', scores.Select(score => score.ConfusedPercent.ToString("0.00", CultureInfo.InvariantCulture)));
}
