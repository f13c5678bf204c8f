namespace Diarist.Audio;

/// <summary>What a recording says about itself.</summary>
/// <param name="Name">The file as the user named it, or <c>standard input</c>.</param>
/// <param name="Format">The container and coding, for people: <c>WAV, 16-bit integer</c>, <c>FLAC, 24-bit</c>, <c>through ffmpeg</c>.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="BitsPerSample">Bits that one sample takes in the recording.</param>
/// <param name="Frames">Samples per channel when that is known before decoding, else <see langword="null"/>.</param>
public sealed record AudioInfo(string Name, string Format, int SampleRate, int Channels, int BitsPerSample, long? Frames)
{
    /// <summary>The length in seconds when it is known before decoding.</summary>
    public double? Duration => Frames / (double)SampleRate;

    /// <summary>The audio tracks of a file that may hold several, in its order; empty for formats that hold one.</summary>
    public IReadOnlyList<AudioTrack> Tracks { get; init; } = [];

    /// <summary>The number of the track that is decoded, from 1.</summary>
    public int Track { get; init; } = 1;
}
