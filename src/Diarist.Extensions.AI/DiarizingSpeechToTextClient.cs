using System.Runtime.CompilerServices;
using Diarist.Attribution;
using Diarist.Transcripts;
using Microsoft.Extensions.AI;

namespace Diarist.Extensions.AI;

/// <summary>
/// Adds speakers to what another recognizer says. The recording is kept in memory, because it is read twice: once by the recognizer, once here.
/// </summary>
/// <param name="inner">The recognizer.</param>
/// <param name="diarizer">Finds the speakers.</param>
public sealed class DiarizingSpeechToTextClient(ISpeechToTextClient inner, Diarizer diarizer) : DelegatingSpeechToTextClient(inner)
{
    /// <summary>The most bytes that a recording may have, 1 GiB; it is kept in memory.</summary>
    public const int MaximumBytes = 1 << 30;

    private readonly Diarizer _diarizer = diarizer ?? throw new ArgumentNullException(nameof(diarizer));

    /// <summary>Recognizes a recording, and adds <see cref="SpokenTextExtensions.SpokenTexts"/> and <see cref="SpokenTextExtensions.Diarization"/> to the response.</summary>
    /// <param name="audioSpeechStream">The recording, read to its end.</param>
    /// <param name="options">Handed on to the recognizer.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <exception cref="InputException">The recording cannot be decoded, or is too large.</exception>
    public override async Task<SpeechToTextResponse> GetTextAsync(Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        byte[] audio = await ReadAsync(audioSpeechStream, cancellationToken).ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Diarization> voices = DiarizeAsync(audio, both.Token);
        SpeechToTextResponse response;
        try
        {
            using var copy = new MemoryStream(audio, writable: false);
            response = await base.GetTextAsync(copy, options, both.Token).ConfigureAwait(false);
        }
        catch
        {
            await both.CancelAsync().ConfigureAwait(false);
            await voices.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            throw;
        }

        Diarization heard = await voices.ConfigureAwait(false);
        Add(response.AdditionalProperties ??= [], heard, [Assign(response.Text, response.StartTime, response.EndTime, heard)]);
        return response;
    }

    /// <summary>Recognizes a recording and hands every update on as it comes; speakers come in a last update of their own, with the texts of all updates before it.</summary>
    /// <param name="audioSpeechStream">The recording, read to its end before the first update.</param>
    /// <param name="options">Handed on to the recognizer.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <exception cref="InputException">The recording cannot be decoded, or is too large.</exception>
    public override async IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] audio = await ReadAsync(audioSpeechStream, cancellationToken).ConfigureAwait(false);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Diarization> voices = DiarizeAsync(audio, both.Token);
        var said = new List<SpeechToTextResponseUpdate>();
        bool whole = false;
        try
        {
            using var copy = new MemoryStream(audio, writable: false);
            await foreach (SpeechToTextResponseUpdate update in base.GetStreamingTextAsync(copy, options, both.Token).ConfigureAwait(false))
            {
                if (update.Kind == SpeechToTextResponseUpdateKind.TextUpdated && update.Text.Length > 0)
                {
                    said.Add(update);
                }

                yield return update;
            }

            whole = true;
        }
        finally
        {
            if (!whole)
            {
                await both.CancelAsync().ConfigureAwait(false);
                await voices.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
        }

        Diarization heard = await voices.ConfigureAwait(false);
        var last = new SpeechToTextResponseUpdate { Kind = SpeechToTextResponseUpdateKind.SessionClose, AdditionalProperties = [] };
        Add(last.AdditionalProperties, heard, [.. said.Select(update => Assign(update.Text, update.StartTime, update.EndTime, heard))]);
        yield return last;
    }

    private static void Add(AdditionalPropertiesDictionary properties, Diarization heard, IReadOnlyList<SpokenText> texts)
    {
        properties[SpokenTextExtensions.SpokenTextsKey] = texts;
        properties[SpokenTextExtensions.DiarizationKey] = heard;
    }

    private static SpokenText Assign(string text, TimeSpan? start, TimeSpan? end, Diarization heard)
    {
        TimeRange? range = start is { } from && end is { } to ? new TimeRange(from.TotalSeconds, to.TotalSeconds) : null;
        AttributedTranscript attributed = SpeakerAttribution.Assign(new Transcript([new TranscriptSegment(text, range ?? new TimeRange(0, heard.Duration), [])]), heard);
        SpeakerChoice choice = attributed.Segments[0].Choice;
        return new SpokenText(choice.Speaker, text, start, end, choice.Confidence);
    }

    private Task<Diarization> DiarizeAsync(byte[] audio, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var stream = new MemoryStream(audio, writable: false);
            return _diarizer.Diarize(stream, "recording", progress: null, cancellationToken);
        },
        cancellationToken);

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        byte[] block = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            bytes.Write(block, 0, bytes.Length + read <= MaximumBytes ? read : throw new InputException("recording", $"has more than {MaximumBytes} bytes"));
        }

        return bytes.ToArray();
    }
}
