using Diarist.Packs;

namespace Diarist.Asr.Whisper;

/// <summary>A Whisper model and how it is run.</summary>
/// <param name="ModelPath">The path of the model, in whisper.cpp's ggml form.</param>
public sealed record WhisperTranscriberOptions(string ModelPath)
{
    /// <summary>The language that is spoken, as Whisper abbreviates it (<c>en</c>, <c>de</c>); <see langword="null"/> (the default) finds it out from the first piece that has speech.</summary>
    public string? Language { get; init; }

    /// <summary>Text that each piece begins after: names and terms as they are to be written. <see langword="null"/> by default.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// By how much the temperature grows when a piece was not recognized well (too unlikely, or repeating itself), up to 1; 0 never tries
    /// again. Default 0.2, as OpenAI's.
    /// </summary>
    public double TemperatureIncrement { get; init; } = 0.2;

    /// <summary>Threads; 0 (the default) takes one for each processor. See <see cref="WhisperTranscriber.Threads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Where the native library is looked for when it does not lie beside the program; <see langword="null"/> (the default) looks nowhere else.</summary>
    public PackStore? Runtime { get; init; }

    /// <summary>Requires that every value makes sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ModelPath);
        if (!(TemperatureIncrement is >= 0 and <= 1))
        {
            throw new ArgumentException("The growth of the temperature must be from 0 to 1.", nameof(TemperatureIncrement));
        }

        if (Threads is < 0 or > 256)
        {
            throw new ArgumentException("The number of threads must be from 0 to 256.", nameof(Threads));
        }

        if (Prompt?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new ArgumentException("The prompt must not hold NUL.", nameof(Prompt));
        }
    }
}

/// <summary>How far a recording has been transcribed.</summary>
/// <param name="Position">Seconds of the recording that are done.</param>
/// <param name="Duration">Seconds of the recording in all.</param>
public readonly record struct TranscriptionProgress(double Position, double Duration)
{
    /// <summary>The share that is done, 0 to 1.</summary>
    public double Fraction => Duration > 0 ? Math.Clamp(Position / Duration, 0, 1) : 1;
}
