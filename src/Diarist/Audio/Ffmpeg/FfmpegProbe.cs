using System.Globalization;
using System.Text.Json;

namespace Diarist.Audio.Ffmpeg;

/// <summary>What ffprobe says about a file.</summary>
/// <param name="Format">The names of its format: <c>matroska,webm</c>.</param>
/// <param name="Start">Where its clock starts, in seconds; ffmpeg counts from there.</param>
/// <param name="Duration">Its length in seconds, when the file says.</param>
/// <param name="Tracks">Its audio tracks.</param>
/// <param name="Streams">The stream of each of them.</param>
/// <param name="Video">The index of the first stream of pictures.</param>
internal sealed record FfmpegProbe(string Format, double Start, double? Duration, IReadOnlyList<AudioTrack> Tracks, IReadOnlyList<FfmpegStream> Streams, int? Video)
{
    private const int MostBytes = 1 << 20;

    // Containers that carry a time for everything in them; elsewhere time is what has been decoded so far.
    private static readonly HashSet<string> Clocked = new(StringComparer.Ordinal) { "matroska", "mov", "mpegts", "mpeg", "flv", "asf", "ogg", "nut", "mxf", "wtv" };

    // Not formats but assumptions, which ffmpeg makes by the file's extension.
    private static readonly HashSet<string> Headerless = new(
        ["alaw", "mulaw", "vidc", "u8", "s8", .. from sign in "us" from size in (int[])[16, 24, 32] from end in (string[])["le", "be"] select $"{sign}{size}{end}", "f32le", "f32be", "f64le", "f64be"],
        StringComparer.Ordinal);

    /// <summary>Whether the container says when each of its parts is to be heard.</summary>
    public bool HasClock => Format.Split(',').Any(Clocked.Contains);

    /// <summary>Whether it states at most where its sound starts.</summary>
    public bool IsAvi => Format == "avi";

    /// <summary>Whether rate, channels and coding are guesses.</summary>
    public bool IsHeaderless => Headerless.Contains(Format);

    /// <summary>How many seconds of a track the index of the file lists; null where there is no index, as lengths are guesses there.</summary>
    public double? Promised(int track) => Format.Split(',').Contains("mov") ? Streams[track - 1].Duration : null;

    /// <summary>
    /// How much later than the file a track starts by ffmpeg's reckoning, in seconds: of a transport or program stream ffmpeg
    /// counts from the first of the tracks that it decodes, elsewhere from the first of all.
    /// </summary>
    public double ForgottenDelay(int track) =>
        Format.StartsWith("mpeg", StringComparison.Ordinal) && Streams[track - 1].Start is double start ? Math.Max(0, start - Start) : 0;

    /// <summary>Asks ffprobe.</summary>
    /// <returns>Its answer; <see langword="null"/> where it is not installed.</returns>
    /// <exception cref="AudioFormatException">It cannot read the file.</exception>
    public static FfmpegProbe? Run(FfmpegInput input)
    {
        const string Entries = "format=format_name,start_time,duration:stream=index,codec_type,codec_name,channels,start_time,duration:stream_tags=language,title:stream_disposition=default";
        using ChildProcess? process = ChildProcess.Start(
            input.Prober, ["-v", "error", "-protocol_whitelist", "file", "-show_entries", Entries, "-of", "json", input.Url], input.Patience);
        if (process is null)
        {
            return null;
        }

        var json = new byte[MostBytes];
        int length = process.Output.ReadAtLeast(json, json.Length, throwOnEndOfStream: false);
        if (length == json.Length || process.WaitForExit() != 0)
        {
            // A telephone whose battery ended leaves such a file; without the index nobody can find the sound in it.
            throw process.Message(input)?.Contains("moov atom not found", StringComparison.Ordinal) == true
                ? input.Error($"is cut off, or its recording was never finished: {input.WhatItIs} without the index that is written last (ffmpeg: moov atom not found); take the whole file, or have it repaired")
                : input.Unknown($", and ffmpeg cannot read it: {process.Message(input) ?? "it does not say why"}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json.AsMemory(0, length));
            return Parse(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw input.Error("ffprobe answered in an unknown form", error);
        }
    }

    private static FfmpegProbe Parse(JsonElement root)
    {
        var tracks = new List<AudioTrack>();
        var streams = new List<FfmpegStream>();
        int? video = null;
        foreach (JsonElement stream in root.GetProperty("streams").EnumerateArray())
        {
            if (Text(stream, "codec_type") == "video")
            {
                video ??= stream.GetProperty("index").GetInt32();
            }

            if (Text(stream, "codec_type") != "audio")
            {
                continue;
            }

            JsonElement? tags = stream.TryGetProperty("tags", out JsonElement found) ? found : null;
            int channels = stream.TryGetProperty("channels", out JsonElement number) ? number.GetInt32() : 0;
            bool isDefault = stream.TryGetProperty("disposition", out JsonElement disposition)
                && disposition.TryGetProperty("default", out JsonElement flag) && flag.GetInt32() != 0;
            string? language = Text(tags, "language") is { } code and not "und" ? code : null;
            tracks.Add(new AudioTrack(tracks.Count + 1, Text(stream, "codec_name") ?? "unknown", channels, language, Text(tags, "title"), isDefault));
            streams.Add(new FfmpegStream(stream.GetProperty("index").GetInt32(), Seconds(stream, "start_time"), Seconds(stream, "duration")));
        }

        JsonElement format = root.GetProperty("format");
        return new FfmpegProbe(Text(format, "format_name") ?? "", Seconds(format, "start_time") ?? 0, Seconds(format, "duration"), tracks, streams, video);
    }

    private static string? Text(JsonElement? element, string name) =>
        element is JsonElement parent && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Seconds(JsonElement format, string name) =>
        double.TryParse(Text(format, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds : null;
}

/// <summary>A stream of a file as ffprobe numbers it.</summary>
/// <param name="Index">Its number among all streams, from 0.</param>
/// <param name="Start">Its first time on the file's clock, in seconds, when the file says.</param>
/// <param name="Duration">Its length in seconds, when the file says.</param>
internal readonly record struct FfmpegStream(int Index, double? Start, double? Duration);
