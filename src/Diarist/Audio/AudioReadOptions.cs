namespace Diarist.Audio;

/// <summary>What a recording does not say about itself, or says more than once.</summary>
public sealed record AudioReadOptions
{
    /// <summary>
    /// Which audio track to take of a file that holds several, from 1 in the order of the file; <see langword="null"/>
    /// takes the one that the file marks as default, else the first.
    /// </summary>
    public int? Track { get; init; }

    /// <summary>The only channel to take, from 1; <see langword="null"/> takes all.</summary>
    public int? Channel { get; init; }

    /// <summary>How samples lie in a file without any header; <see langword="null"/> for every other file.</summary>
    public RawAudioFormat? Raw { get; init; }

    /// <summary>What results, errors and warnings call a file instead of its path, as one that came in under another name; <see langword="null"/> takes the path.</summary>
    public string? Name { get; init; }
}

/// <summary>An audio track of a file that may hold several.</summary>
/// <param name="Number">Its number among the audio tracks of the file, from 1.</param>
/// <param name="Coding">How it is coded: <c>aac</c>, <c>opus</c>.</param>
/// <param name="Channels">Its channels; 0 when the file does not say.</param>
/// <param name="Language">Its language as the file states it, or <see langword="null"/>.</param>
/// <param name="Title">Its title, or <see langword="null"/>.</param>
/// <param name="IsDefault">Whether the file marks it as the track to play.</param>
public sealed record AudioTrack(int Number, string Coding, int Channels, string? Language, string? Title, bool IsDefault)
{
    /// <summary>The number with language and title: <c>2 (deu, "Interpreter")</c>.</summary>
    public override string ToString()
    {
        string[] details = [.. new[] { Language, Title is null ? null : $"\"{Title}\"" }.OfType<string>()];
        return details.Length == 0 ? $"{Number}" : $"{Number} ({string.Join(", ", details)})";
    }
}
