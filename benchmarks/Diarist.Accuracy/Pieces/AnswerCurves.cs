using System.Globalization;
using Diarist.Audio;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>Confusion against the number of answers, pooled over recordings: where corrections spread, and where each changes its turn only.</summary>
/// <param name="answers">How many answers each recording gets.</param>
internal sealed class AnswerCurves(int answers)
{
    private readonly DiarizationErrors[] _spread = new DiarizationErrors[answers + 1];
    private readonly DiarizationErrors[] _single = new DiarizationErrors[answers + 1];

    /// <summary>A session of what was heard, without corrections.</summary>
    public static DiarizationSession SessionOf(FolderRecording recording, HeardSpeech heard)
    {
        heard.RoundToHalf();
        return new DiarizationSession(new SessionRecording(new AudioInfo(recording.Name, "WAV", 16000, 1, 16, null), "", heard.Duration), heard, new DiarizerOptions(), [], [], []);
    }

    /// <summary>The errors of a session as it is now.</summary>
    public static DiarizationErrors Score(FolderRecording recording, DiarizationSession session) =>
        DiarizationErrorRate.Compute(recording.Truth, session.Diarization.Turns, new DiarizationScoringOptions { Regions = recording.Regions }).Errors;

    /// <summary>Adds a recording and writes its two curves.</summary>
    /// <param name="name">The recording.</param>
    /// <param name="spread">The errors after each answer, where corrections spread.</param>
    /// <param name="single">The same where each answer changes its turn only.</param>
    public void Add(string name, DiarizationErrors[] spread, DiarizationErrors[] single)
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
        Console.WriteLine("answers  confusion, corrections spread  single turns only");
        for (int count = 0; count <= answers; count++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7}  {Percent(_spread[count]),29:0.00}  {Percent(_single[count]),17:0.00}"));
        }
    }

    private static string Curve(DiarizationErrors[] errors) => string.Join(' ', errors.Select(error => Percent(error).ToString("0.00", CultureInfo.InvariantCulture)));

    private static double Percent(DiarizationErrors errors) => 100 * errors.Share(errors.Confusion);
}
