using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Answers of services that are no transcripts: errors, and reports that a transcript is not ready.</summary>
internal static class ServiceAnswer
{
    private const int LongestQuote = 200;

    // Names that other files use too say something of an error only where there is little else.
    private const int LongestAnswer = 4096;

    private static readonly string[] Errors = ["error", "errors", "err_msg", "error_message", "errorMessage", "FailureReason"];
    private static readonly string[] ErrorsOfShortAnswers = ["detail", "message", "Message"];
    private static readonly string[] Details = ["message", "msg", "description", "detail", "error", "reason", "code"];
    private static readonly string[] States = ["status", "state", "jobStatus", "TranscriptionJobStatus", "job_status", "task_status"];
    private static readonly string[] Waiting = ["queued", "processing", "in_progress", "in progress", "inprogress", "running", "notstarted", "not_started", "pending", "submitted", "created", "starting"];
    private static readonly string[] Failing = ["error", "failed", "failure", "canceled", "cancelled", "rejected"];
    private static readonly string[] Wrappers = ["TranscriptionJob", "job", "data", "result"];

    /// <summary>What an object that holds no text says instead, with the remedy; null where it says nothing of the kind.</summary>
    public static string? Describe(JsonValue top)
    {
        if (!top.IsObject)
        {
            return null;
        }

        foreach (JsonValue answer in new[] { top }.Concat(Wrappers.Where(top.Has).Select(name => Member(top, name)).Where(inner => inner.IsObject)))
        {
            string? state = States.Where(answer.HasText).Select(name => answer.TextOf(name)).FirstOrDefault();
            if (Quoted(answer) is { } problem)
            {
                return $"this is no transcript but an error that a service answered: {problem}; mend that and ask the service again";
            }

            if (state is not null && Failing.Contains(state, StringComparer.OrdinalIgnoreCase))
            {
                return $"this is no transcript: the service says that its work failed (`{state}`); ask it again";
            }

            if (state is not null && Waiting.Contains(state, StringComparer.OrdinalIgnoreCase))
            {
                return $"this is no transcript yet: the service had not finished (`{state}`); fetch the result again when it has";
            }
        }

        return null;
    }

    private static JsonValue Member(JsonValue owner, string name)
    {
        owner.TryGet(name, out JsonValue value);
        return value;
    }

    // The first text under a name that errors stand under: {"error": "…"}, {"error": {"message": "…"}}, {"errors": ["…"]}, {"detail": [{"msg": "…"}]}.
    private static string? Quoted(JsonValue answer)
    {
        foreach (string name in answer.End - answer.Start <= LongestAnswer ? [.. Errors, .. ErrorsOfShortAnswers] : Errors)
        {
            if (answer.TryGet(name, out JsonValue value) && First(value) is { Length: > 0 } said)
            {
                said = string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return $"\"{(said.Length > LongestQuote ? said[..LongestQuote] + "…" : said)}\"";
            }
        }

        return null;
    }

    private static string? First(JsonValue value) => value switch
    {
        { IsString: true } => value.Text(),
        { IsArray: true } => value.Children.Select(First).FirstOrDefault(said => said is { Length: > 0 }),
        { IsObject: true } => Details.Where(value.Has).Select(name => First(Member(value, name))).FirstOrDefault(said => said is { Length: > 0 }),
        _ => null,
    };
}
