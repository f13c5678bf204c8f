namespace Diarist.Audio.Ffmpeg;

/// <summary>What ffmpeg is to decode.</summary>
/// <param name="Name">The recording as the user named it.</param>
/// <param name="Path">The file, which seeks.</param>
/// <param name="WhatItIs">What it is instead of a format that is decoded here, for the error message.</param>
/// <param name="Track">The audio track, from 1; <see langword="null"/> takes the default one.</param>
/// <param name="Copy">The temporary copy that <paramref name="Path"/> is, which the decoder removes.</param>
internal sealed record FfmpegInput(string Name, string Path, string WhatItIs, int? Track = null, SpooledRecording? Copy = null)
{
    /// <summary>The program that decodes.</summary>
    public string Decoder { get; init; } = "ffmpeg";

    /// <summary>The program that lists what a file holds; it comes with ffmpeg.</summary>
    public string Prober { get; init; } = "ffprobe";

    /// <summary>How long either may say nothing before it is stopped.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The path as an argument. As a file: URL no path is taken for an option or for another protocol.</summary>
    public string Url => "file:" + System.IO.Path.GetFullPath(Path);

    /// <summary>The error of a format that nobody here decodes.</summary>
    /// <param name="why">Why not, or what to do, behind what it is.</param>
    public AudioFormatException Unknown(string why) => new(Name, $"has a format that is not decoded here ({WhatItIs}){why}") { IsUnknownFormat = true };

    /// <summary>The error that says what is wrong.</summary>
    public AudioFormatException Error(string problem, Exception? cause = null) => new(Name, problem, cause);
}
