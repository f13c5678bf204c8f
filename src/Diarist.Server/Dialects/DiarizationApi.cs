using System.Globalization;
using System.Text;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Diarist.Sessions;
using Diarist.Transcripts.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Dialects;

/// <summary>The diarization endpoint of LocalAI and of speaches: <c>POST /v1/audio/diarization</c>. What speaches' clients read is part of LocalAI's answer.</summary>
internal sealed class DiarizationApi(Jobs jobs, RequestJobs requests, ServerOptions options)
{
    private static readonly string[] Formats = ["json", "verbose_json", "rttm"];

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/audio/diarization", DiarizeAsync).WithSummary("Who speaks when in a recording (LocalAI, speaches).");

    private async Task DiarizeAsync(HttpContext context)
    {
        string format = "json";
        RequestJob request = await requests.SubmitAsync(
            context,
            form =>
            {
                format = form.Value("response_format") ?? "json";
                return Read(form, format);
            }).ConfigureAwait(false);
        await using (request.ConfigureAwait(false))
        {
            double minimumOn = Seconds(request.Form, "min_duration_on", Diarist.Diarization.BriefestReadableTurn), minimumOff = Seconds(request.Form, "min_duration_off", 0);
            await PatientAnswer.WriteAsync(
                context,
                format == "rttm" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8",
                format == "rttm" ? "\n" : " ",
                options,
                jobs.WaitAsync(request.Job.Id, context.RequestAborted),
                job => requests.ResultAsync(job, session => Write(session, job!.Warnings, format, request.Form, minimumOn, minimumOff))).ConfigureAwait(false);
        }
    }

    private JobOptions Read(MultipartForm form, string format)
    {
        if (!Formats.Contains(format))
        {
            throw ApiException.Invalid("response_format", $"response_format is one of {string.Join(", ", Formats)}.");
        }

        if (form.Value("clustering_threshold") is not null)
        {
            throw ApiException.Invalid("clustering_threshold", "The threshold is in the unit of another clustering; leave it out, or state the number of speakers.");
        }

        Seconds(form, "min_duration_on", 0);
        Seconds(form, "min_duration_off", 0);
        bool text = WantsText(form);
        return text && options.Engine is null ? throw UploadsApi.NoEngine() : new JobOptions
        {
            Speakers = Count(form, "num_speakers"),
            MinSpeakers = Count(form, "min_speakers"),
            MaxSpeakers = Count(form, "max_speakers"),
            Transcribe = text,
        };
    }

    private static byte[] Write(DiarizationSession session, IReadOnlyList<string> warnings, string format, MultipartForm form, double minimumOn, double minimumOff)
    {
        Dictionary<string, string> names = SessionViews.RecognizedNames(session);
        Diarist.Diarization shown = session.Labelled.WithReadableTurns(minimumOn, minimumOff);
        string Shown(string label) => names.GetValueOrDefault(label, label);
        if (format == "rttm")
        {
            using var writer = new StringWriter { NewLine = "\n" };
            Rttm.Write(writer, Rttm.RecordingOf(session.Recording.Info.Name), shown.Turns.Select(turn => turn with { Speaker = Shown(turn.Speaker) }));
            return Encoding.UTF8.GetBytes(writer.ToString());
        }

        bool verbose = format == "verbose_json";

        // Where voices are known, whoever is none of them is told as unknown beside the label that keeps strangers apart.
        bool known = form.Values("known_speaker_names").Count > 0;
        Dictionary<string, string> labels = shown.Speakers.Index().ToDictionary(pair => pair.Item.Label, pair => !known ? pair.Index.ToString(CultureInfo.InvariantCulture) : names.ContainsKey(pair.Item.Label) ? "known" : "unknown");
        AttributedTranscript? transcript = SessionViews.Attribute(session, named: false, out _);
        DiarizationSegment[] segments = WantsText(form) && transcript is not null
            ? [.. TranscriptLines.Of(transcript).Where(line => line.Speaker is not null).Index().Select(pair => new DiarizationSegment(pair.Index, Shown(pair.Item.Speaker!), labels.GetValueOrDefault(pair.Item.Speaker!, ""), Rounded(pair.Item.Range.Start), Rounded(pair.Item.Range.End), pair.Item.Text))]
            : [.. shown.Turns.Index().Select(pair => new DiarizationSegment(pair.Index, Shown(pair.Item.Speaker), labels[pair.Item.Speaker], Rounded(pair.Item.Start), Rounded(pair.Item.End), null))];
        var answer = new DiarizationAnswer(
            "diarize",
            Rounded(session.Recording.Duration),
            verbose ? transcript?.Transcript.Language : null,
            shown.Speakers.Count,
            segments,
            verbose ? [.. shown.Speakers.Select(speaker => new DiarizationSpeaker(Shown(speaker.Label), labels[speaker.Label], Rounded(speaker.Duration), speaker.Turns))] : null,
            warnings.Count > 0 ? warnings : null);
        return JsonSerializer.SerializeToUtf8Bytes(answer, OpenAiJson.Default.DiarizationAnswer);
    }

    // 0 stands for "find out".
    private static int? Count(MultipartForm form, string name) => form.Value(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? (value == 0 ? null : value)
        : throw ApiException.Invalid(name, $"{name} is a whole number from 1, or 0 to find it out.");

    private static double Seconds(MultipartForm form, string name, double otherwise) => form.Value(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= 60 ? value
        : throw ApiException.Invalid(name, $"{name} is a number of seconds from 0 to 60.");

    private static bool WantsText(MultipartForm form) => form.Value("include_text") switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        _ => throw ApiException.Invalid("include_text", "include_text is true or false."),
    };

    private static double Rounded(double seconds) => Math.Round(seconds, 3, MidpointRounding.ToEven);
}
