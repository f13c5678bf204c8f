using System.Text.Json.Serialization;

namespace Diarist.Cli.Batch;

/// <summary>One recording of a batch.</summary>
/// <param name="Id">Its name in the batch: the path of its results without extension, with / between folders.</param>
/// <param name="Path">The file.</param>
internal sealed record BatchRecording(string Id, string Path)
{
    /// <summary>Whether the id was given, in a manifest; otherwise it comes from the path.</summary>
    public bool Named { get; init; }

    /// <summary>The number of speakers, where the manifest gives it.</summary>
    public int? Speakers { get; init; }

    /// <summary>The fewest speakers.</summary>
    public int? MinimumSpeakers { get; init; }

    /// <summary>The most speakers.</summary>
    public int? MaximumSpeakers { get; init; }

    /// <summary>The language as the manifest names it: kept with the result, without influence on it.</summary>
    public string? Language { get; init; }

    /// <summary>The folder of the source that named it: the folder itself, that of the manifest, or that of the file.</summary>
    [JsonIgnore]
    public string? Root { get; init; }

    /// <summary>The key in an object store, for jobs whose audio lies there.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>What RTTM calls the recording: a given id, else the name of the file, as `diarize` does.</summary>
    public string RttmName => Named ? string.Concat(Id.Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter)) : OutputTarget.RecordingId(Path);

    /// <summary>The options of the batch with what is known of this recording; a number replaces all bounds of the command line.</summary>
    public DiarizerOptions OptionsOf(DiarizerOptions options) => (Speakers, MinimumSpeakers, MaximumSpeakers) == (null, null, null)
        ? options
        : options with { Speakers = Speakers, MinimumSpeakers = MinimumSpeakers, MaximumSpeakers = MaximumSpeakers };
}
