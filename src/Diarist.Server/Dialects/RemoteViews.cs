using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Server.Recordings;
using Diarist.Server.Storage;
using Diarist.Sessions;
using Diarist.Transcripts.Writing;

namespace Diarist.Server.Dialects;

/// <summary>Jobs as pyannoteAI's clients see them.</summary>
internal sealed class RemoteViews(DataFolder data)
{
    /// <summary>A job, with its output when it has one.</summary>
    public async Task<RemoteJobView> OfAsync(Job job, bool withOutput = true) => new()
    {
        JobId = job.Id,
        Status = job.State switch
        {
            JobState.Uploading => "created",
            JobState.Queued => "pending",
            JobState.Running => "running",
            JobState.Done => "succeeded",
            JobState.Failed => "failed",
            _ => "canceled",
        },
        CreatedAt = job.Created,
        UpdatedAt = job.Ended ?? job.Created,
        Output = !withOutput ? null
            : job.State == JobState.Done ? await Task.Run(() => Output(job, DiarizationSession.Open(data.SessionOf(job.Id)))).ConfigureAwait(false)
            : job.Error is { } error ? new RemoteOutput { Error = error.Message } : null,
    };

    private static RemoteOutput Output(Job job, DiarizationSession session)
    {
        Diarist.Diarization shown = session.Labelled.WithReadableTurns(Diarist.Diarization.BriefestReadableTurn, minimumGap: 0);
        AttributedTranscript? transcript = job.Options.Transcribe == true ? SessionViews.Attribute(session, named: false, out _) : null;
        return new RemoteOutput
        {
            Diarization = Segments(shown.Turns, job.Options.Confidence),
            ExclusiveDiarization = job.Options.Exclusive ? Segments(shown.ExclusiveTurns, job.Options.Confidence) : null,
            WordLevelTranscription = transcript is null ? null : [.. Words(transcript)],
            TurnLevelTranscription = transcript is null ? null : [.. TranscriptLines.Of(transcript).Select(Text)],
            Warning = job.Warnings.Count > 0 ? string.Join(" ", job.Warnings) : null,
        };
    }

    private static RemoteSegment[] Segments(IReadOnlyList<Turn> turns, bool confidence) =>
        [.. turns.Select(turn => new RemoteSegment(Rounded(turn.Start), Rounded(turn.End), turn.Speaker, confidence && turn.Confidence is { } value ? Math.Round(100 * value) : null))];

    private static IEnumerable<RemoteText> Words(AttributedTranscript transcript) =>
        transcript.Segments.SelectMany(segment => segment.Words).Where(word => word.Word.Range is not null)
            .Select(word => new RemoteText(Rounded(word.Word.Range!.Value.Start), Rounded(word.Word.Range.Value.End), word.Word.Text, word.Choice.Speaker ?? ""));

    private static RemoteText Text(Utterance line) => new(Rounded(line.Range.Start), Rounded(line.Range.End), line.Text, line.Speaker ?? "");

    private static double Rounded(double seconds) => Math.Round(seconds, 3, MidpointRounding.ToEven);
}
