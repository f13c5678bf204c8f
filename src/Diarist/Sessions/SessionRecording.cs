using Diarist.Audio;

namespace Diarist.Sessions;

/// <summary>The recording of a session.</summary>
/// <param name="Info">What it says about itself.</param>
/// <param name="SampleHash">SHA-256 of its samples as they were heard (mono, 16 kHz, little-endian float32), in hexadecimal digits.</param>
/// <param name="Duration">Its length in seconds.</param>
public sealed record SessionRecording(AudioInfo Info, string SampleHash, double Duration);

/// <summary>A transcript as it came.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SessionTranscript(string Name, ReadOnlyMemory<byte> Content);
