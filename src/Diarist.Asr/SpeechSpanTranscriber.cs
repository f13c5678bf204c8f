using System.Globalization;
using Diarist.Audio;
using Diarist.Transcripts;

namespace Diarist.Asr;

/// <summary>Where somebody speaks in a recording: spans in seconds, in order, that do not overlap.</summary>
/// <param name="audioPath">The recording.</param>
/// <param name="cancellationToken">Stops the search.</param>
public delegate IReadOnlyList<TimeRange> SpeechFinder(string audioPath, CancellationToken cancellationToken);

/// <summary>How spans of speech become the pieces that a recognizer gets.</summary>
public sealed record SpeechSpanTranscriberOptions
{
    /// <summary>Spans that a silence of at most so many seconds parts may share a piece. Default 0.5.</summary>
    public double MaximumGap { get; init; } = 0.5;

    /// <summary>
    /// Spans are only joined while the piece stays within so many seconds. Default 28, within the 30 of Whisper's models. A
    /// single span is never cut, however long.
    /// </summary>
    public double MaximumLength { get; init; } = 28;

    /// <summary>Seconds of the recording that a piece keeps before and behind its speech, at most up to the middle of the silence. Default 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>Makes sure that all lengths are possible.</summary>
    /// <exception cref="ArgumentException">One is negative or no number.</exception>
    internal void Validate()
    {
        if (!(MaximumGap >= 0 && MaximumLength >= 0 && Margin >= 0))
        {
            throw new ArgumentException("Gap, length and margin must be 0 seconds or more.");
        }
    }
}

/// <summary>
/// Gives a recognizer only what is speech, piece by piece, and maps the times of its words back to the recording. What comes
/// out is one transcript in Diarist's own JSON (<c>diarist-transcript/1</c>), since there is no single output of the recognizer.
/// </summary>
/// <remarks>
/// Each piece is a 16 kHz mono WAV. A text without times gets the time of its piece's speech. A piece for which the recognizer
/// gives nothing is silent. Speakers that a recognizer names hold only within a piece and are left out.
/// </remarks>
public sealed class SpeechSpanTranscriber : ITranscriber, IDisposable
{
    private readonly ITranscriber _recognizer;
    private readonly SpeechFinder _speech;
    private readonly SpeechSpanTranscriberOptions _options;

    /// <summary>Creates the recognizer.</summary>
    /// <param name="recognizer">Gets the pieces, one after the other; disposed with this one.</param>
    /// <param name="speech">Finds the speech.</param>
    /// <param name="options">How the pieces are made.</param>
    /// <exception cref="ArgumentException">A length in the options is negative or no number.</exception>
    public SpeechSpanTranscriber(ITranscriber recognizer, SpeechFinder speech, SpeechSpanTranscriberOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recognizer);
        ArgumentNullException.ThrowIfNull(speech);
        _options = options ?? new SpeechSpanTranscriberOptions();
        _options.Validate();
        _recognizer = recognizer;
        _speech = speech;
    }

    /// <inheritdoc/>
    public async Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioPath);
        IReadOnlyList<TimeRange> spans = await Task.Run(() => _speech(audioPath, cancellationToken), cancellationToken).ConfigureAwait(false);
        using var pieces = new PieceReader(audioPath);
        Transcript whole = await TranscribeAsync(_recognizer, pieces, audioPath, spans, _options, cancellationToken).ConfigureAwait(false);
        return OwnOutput.Of(whole, audioPath);
    }

    /// <inheritdoc/>
    public void Dispose() => (_recognizer as IDisposable)?.Dispose();

    /// <summary>Transcribes the pieces of a recording that hold the given spans of speech.</summary>
    internal static async Task<Transcript> TranscribeAsync(
        ITranscriber recognizer, PieceReader pieces, string name, IReadOnlyList<TimeRange> spans, SpeechSpanTranscriberOptions options, CancellationToken cancellationToken)
    {
        var segments = new List<TranscriptSegment>();
        string? language = null;
        string dialect = "words";
        foreach (SpeechPiece piece in SpeechPieces.From(spans, options))
        {
            string wav = await Task.Run(() => pieces.Write(piece, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (await TranscribeAsync(recognizer, name, wav, piece, cancellationToken).ConfigureAwait(false) is { } transcript)
            {
                segments.AddRange(transcript.Segments.Where(segment => segment.Text.Length > 0).Select(segment => Shifted(segment, piece)));
                language ??= transcript.Language;
                dialect = transcript.Dialect;
            }
        }

        return new Transcript(segments) { Dialect = dialect, Language = language };
    }

    private static async Task<Transcript?> TranscribeAsync(ITranscriber recognizer, string name, string wav, SpeechPiece piece, CancellationToken cancellationToken)
    {
        try
        {
            RecognizerOutput output = await recognizer.TranscribeAsync(wav, cancellationToken).ConfigureAwait(false);
            return IsBlank(output.Bytes) ? null : output.Read().Transcript;
        }
        catch (DiaristException error)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{name}, speech from {piece.Speech.Start:0.000} to {piece.Speech.End:0.000} s");
            throw new TranscriberException($"{place}: {error.Message}", error);
        }
    }

    private static bool IsBlank(byte[] output) => output.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static TranscriptSegment Shifted(TranscriptSegment segment, SpeechPiece piece) => new(
        segment.Text,
        Shifted(segment.Range, piece) ?? piece.Speech,
        [.. segment.Words.Select(word => word with { Range = Shifted(word.Range, piece), Speaker = null })]);

    private static TimeRange? Shifted(TimeRange? range, SpeechPiece piece)
    {
        double start = piece.From / (double)MonoStream.SampleRate;
        return range is { } said ? new TimeRange(start + said.Start, start + said.End) : null;
    }
}
