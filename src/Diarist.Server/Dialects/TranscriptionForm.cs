using System.Text.Json;
using Diarist.Server.Http;
using Diarist.Server.Storage;

namespace Diarist.Server.Dialects;

/// <summary>What a request for a transcription asks for.</summary>
/// <param name="Format">The form of the answer.</param>
/// <param name="Stream">Whether it comes as events.</param>
/// <param name="Words">Whether words get times.</param>
/// <param name="Segments">Whether segments get times.</param>
/// <param name="Speakers">Whether the answer names speakers where its form has a place for them.</param>
/// <param name="Ignored">Fields that have no effect here.</param>
internal sealed record TranscriptionForm(string Format, bool Stream, bool Words, bool Segments, bool Speakers, IReadOnlyList<string> Ignored)
{
    private static readonly string[] Formats = ["json", "text", "srt", "vtt", "verbose_json", "diarized_json"];
    private static readonly string[] Hints = ["prompt", "temperature", "language"];

    /// <summary>Reads the fields.</summary>
    /// <exception cref="ApiException">A field is missing, wrong, or asks for what cannot be given.</exception>
    public static TranscriptionForm Read(MultipartForm form)
    {
        string model = form.Value("model") ?? throw ApiException.Invalid("model", "The field model is missing; any name is taken.");
        bool diarizes = model.EndsWith("diarize", StringComparison.OrdinalIgnoreCase);

        // diarized_json holds all that json holds, and the client for .NET asks a diarizing model for it without saying so.
        string format = form.Value("response_format") ?? (diarizes ? "diarized_json" : "json");
        if (!Formats.Contains(format))
        {
            throw ApiException.Invalid("response_format", $"response_format is one of {string.Join(", ", Formats)}.");
        }

        CheckChunking(form);
        if (form.Values("include").Count > 0)
        {
            throw ApiException.Invalid("include", "Log probabilities are not known here; leave include out.");
        }

        IReadOnlyList<string> granularities = form.Values("timestamp_granularities");
        if (granularities.FirstOrDefault(word => word is not ("word" or "segment")) is { } unknown)
        {
            throw ApiException.Invalid("timestamp_granularities", $"A granularity is word or segment, not '{unknown}'.");
        }

        bool words = granularities.Contains("word");
        return new TranscriptionForm(format, IsTrue(form, "stream"), words, !words || granularities.Contains("segment"), diarizes || format == "diarized_json", [.. Hints.Where(hint => form.Value(hint) is not null)]);
    }

    /// <summary>What is asked of the job; equal recordings share one whatever the form of the answer.</summary>
    public static JobOptions JobOptions { get; } = new() { Transcribe = true };

    private static bool IsTrue(MultipartForm form, string name) => form.Value(name) switch
    {
        null or "false" or "False" or "0" => false,
        "true" or "True" or "1" => true,
        _ => throw ApiException.Invalid(name, $"{name} is true or false."),
    };

    // "auto", {"type":"server_vad",…} as text, or chunking_strategy[type]=server_vad: recordings are never cut blindly here, so all of them mean the same.
    private static void CheckChunking(MultipartForm form)
    {
        string? type = form.Value("chunking_strategy[type]") ?? form.Value("chunking_strategy");
        if (type is not null && type.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(type);
                type = document.RootElement.TryGetProperty("type", out JsonElement member) ? member.ToString() : "";
            }
            catch (JsonException)
            {
                type = "";
            }
        }

        if (type is not (null or "auto" or "server_vad"))
        {
            throw ApiException.Invalid("chunking_strategy", "chunking_strategy is auto or an object of the type server_vad.");
        }
    }
}
