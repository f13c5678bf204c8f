using Diarist.Transcripts;

namespace Diarist.Asr;

/// <summary>
/// A speech recognizer as Diarist sees it: audio goes in, a transcript in the recognizer's own form comes out. It knows
/// nothing of speakers; those are joined to the transcript afterwards, by time.
/// </summary>
public interface ITranscriber
{
    /// <summary>Transcribes a file.</summary>
    /// <param name="audioPath">The recording, of any kind that the recognizer takes or that Diarist can convert for it.</param>
    /// <param name="cancellationToken">Stops the recognizer.</param>
    /// <exception cref="TranscriberException">The recognizer is missing, failed, refused or took too long.</exception>
    /// <exception cref="InputException">The recording cannot be read.</exception>
    Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default);
}

/// <summary>What a recognizer gave, to the byte.</summary>
/// <param name="Source">The recognizer, for messages about its output.</param>
/// <param name="Bytes">Its output.</param>
public sealed record RecognizerOutput(string Source, byte[] Bytes)
{
    /// <summary>Reads the output as a transcript.</summary>
    /// <exception cref="AnnotationFormatException">It is in no dialect known here, or was cut short; with line and byte.</exception>
    public TranscriptDocument Read() => TranscriptDocument.Read(Bytes, Source);
}

/// <summary>A recognizer could not be used; the message says which, why, and what to do.</summary>
public sealed class TranscriberException : DiaristException
{
    /// <summary>Creates the error with its one-line message.</summary>
    public TranscriberException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
