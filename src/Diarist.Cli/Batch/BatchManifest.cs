using System.Globalization;
using System.Text.Json;

namespace Diarist.Cli.Batch;

/// <summary>
/// Recordings as a list, one JSON object a line: <c>path</c> (or NeMo's <c>audio_filepath</c>) or <c>object</c>, <c>id</c>,
/// <c>speakers</c> (or NeMo's <c>num_speakers</c>), <c>minSpeakers</c>, <c>maxSpeakers</c>, <c>language</c>.
/// docs/batch.md describes it.
/// </summary>
internal static class BatchManifest
{
    private const int LongestLine = 1 << 20;
    private const int MostSpeakers = 1000;
    private const int LongestId = 1024;

    // What NeMo's manifests also hold and diarization does not need.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal) { "text", "label", "rttm_filepath", "uem_filepath", "ctm_filepath", "duration" };

    /// <summary>The recordings; those without an id have an empty one.</summary>
    /// <exception cref="AnnotationFormatException">A line breaks the format; the error names it.</exception>
    public static IReadOnlyList<BatchRecording> Read(string manifest)
    {
        var recordings = new List<BatchRecording>();
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        string folder = Path.GetDirectoryName(Path.GetFullPath(manifest))!;
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(manifest))
            {
                number++;
                if (line.Length > LongestLine)
                {
                    throw new AnnotationFormatException(manifest, number, "the line is longer than 1 MiB");
                }

                if (!string.IsNullOrWhiteSpace(line))
                {
                    recordings.Add(ReadLine(line, folder, manifest, number, unknown));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(manifest, File.Exists(manifest) ? $"cannot be read: {error.Message}" : "there is no such file", error);
        }

        foreach (string member in unknown.Order(StringComparer.Ordinal))
        {
            Messages.Warn(manifest, $"the member \"{member}\" is not known and has no effect");
        }

        return recordings.Count > 0 ? recordings : throw new UsageException($"{manifest} names no recording.");
    }

    private static BatchRecording ReadLine(string line, string folder, string manifest, int number, HashSet<string> unknown)
    {
        AnnotationFormatException Error(string problem, Exception? cause = null) => new(manifest, number, problem, cause);
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Error("a JSON object was expected");
            }

            var recording = new BatchRecording("", "");
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                string name = member.Name;
                JsonElement value = member.Value;
                if (value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                recording = name switch
                {
                    "path" or "audio_filepath" => recording with { Path = Path.GetFullPath(Text(), folder) },
                    "object" => recording with { ObjectKey = Text() },
                    "id" or "uniq_id" => recording with { Id = CheckId(Text(), Error), Named = true },
                    "speakers" or "num_speakers" => recording with { Speakers = Count() },
                    "minSpeakers" or "min_speakers" => recording with { MinimumSpeakers = Count() },
                    "maxSpeakers" or "max_speakers" => recording with { MaximumSpeakers = Count() },
                    "language" or "lang" => recording with { Language = Text() },
                    "offset" => Whole(),
                    _ => Ignored.Contains(name) ? recording : Unknown(),
                };
                BatchRecording Whole() => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double offset) && offset == 0
                    ? recording
                    : throw Error("\"offset\" names a part of a recording; whole recordings are diarized, so cut it out first");
                BatchRecording Unknown()
                {
                    unknown.Add(name);
                    return recording;
                }

                string Text() => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal)
                    ? text
                    : throw Error($"\"{name}\" must be a text that is not empty");
                int Count() => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is >= 1 and <= MostSpeakers
                    ? count
                    : throw Error(string.Create(CultureInfo.InvariantCulture, $"\"{name}\" must be a whole number from 1 to {MostSpeakers}"));
            }

            CheckBounds(recording, Error);
            return (recording.Path.Length > 0, recording.ObjectKey is not null) switch
            {
                (true, false) => recording,
                (false, true) => (recording.Named ? recording : recording with { Id = CheckId(recording.ObjectKey!, Error), Named = true }) with { Path = recording.ObjectKey! },
                (true, true) => throw Error("\"path\" and \"object\" exclude each other"),
                _ => throw Error("the line has no \"path\" (or \"audio_filepath\")"),
            };
        }
        catch (JsonException error)
        {
            throw Error($"this is not JSON: {error.Message.Split(" LineNumber:")[0].TrimEnd()}", error);
        }
        catch (InvalidOperationException error)
        {
            // A text with half of a surrogate pair.
            throw Error("a text holds bytes that are not characters", error);
        }
    }

    private static void CheckBounds(BatchRecording recording, Func<string, Exception?, AnnotationFormatException> error)
    {
        try
        {
            recording.OptionsOf(new DiarizerOptions()).Validate();
        }
        catch (ArgumentException problem)
        {
            throw error(problem.Message, problem);
        }
    }

    /// <summary>An id must be the path of a file below the output: no folder above it, no empty name, nothing that a terminal obeys.</summary>
    private static string CheckId(string id, Func<string, Exception?, AnnotationFormatException> error)
    {
        string[] parts = id.Split('/');
        return id.Length > LongestId ? throw error($"the id is longer than {LongestId} characters", null)
            : id.Any(letter => char.IsControl(letter) || letter == '\\' || char.IsSurrogate(letter) && !IsPaired(id)) ? throw error("the id holds a control character or a backslash", null)
            : parts.Any(part => part.Length == 0 || part[0] == '.') ? throw error($"the id {id} is not a path below the output: a part of it is empty or begins with a dot", null)
            : id;
    }

    private static bool IsPaired(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);
}
