using Diarist.Channels;
using Diarist.Transcripts;

namespace Diarist.Asr;

/// <summary>
/// Gives a recognizer each channel of a conversation by itself, and of it only where its own speakers talk. Words then have the channel that they were
/// recognized on, so that those under overlap go to the right side, and what leaks into another channel is written once.
/// </summary>
public static class ChannelRecognition
{
    /// <summary>Transcribes the channels one after the other.</summary>
    /// <param name="recognizer">Gets pieces of the channels as 16 kHz mono WAV files.</param>
    /// <param name="channels">The channels; the first is channel 1 of the turns.</param>
    /// <param name="turns">Who speaks when, and on which channel (<see cref="ChannelDiarizer"/>).</param>
    /// <param name="name">What the recording is called in messages.</param>
    /// <param name="options">How turns are joined to pieces.</param>
    /// <param name="cancellationToken">Stops the recognizer.</param>
    /// <returns>One transcript in Diarist's own JSON, its segments by their start.</returns>
    /// <exception cref="ArgumentException">A length in the options is negative or no number, or a turn is on a channel that is not there.</exception>
    /// <exception cref="TranscriberException">The recognizer is missing, failed, refused or took too long.</exception>
    /// <exception cref="InputException">A channel cannot be read.</exception>
    public static async Task<RecognizerOutput> TranscribeAsync(
        ITranscriber recognizer,
        IReadOnlyList<ChannelSource> channels,
        IReadOnlyList<Turn> turns,
        string name,
        SpeechSpanTranscriberOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recognizer);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new SpeechSpanTranscriberOptions();
        options.Validate();
        if (turns.Any(turn => turn.Channel > channels.Count))
        {
            throw new ArgumentException("A turn is on a channel that is not there.", nameof(turns));
        }

        var segments = new List<TranscriptSegment>();
        string? language = null;
        string dialect = "words";
        foreach (IGrouping<int, Turn> own in turns.GroupBy(turn => turn.Channel).OrderBy(group => group.Key))
        {
            using var pieces = new PieceReader(channels[own.Key - 1].Open());
            Transcript said = await SpeechSpanTranscriber.TranscribeAsync(recognizer, pieces, $"{name}, {channels[own.Key - 1].Label}", Spans(own), options, cancellationToken).ConfigureAwait(false);
            segments.AddRange(said.Segments.Select(segment => segment with { Channel = own.Key }));
            language ??= said.Language;
            dialect = said.Segments.Count > 0 ? said.Dialect : dialect;
        }

        return OwnOutput.Of(new Transcript([.. segments.OrderBy(segment => segment.Range?.Start)]) { Dialect = dialect, Language = language }, name);
    }

    /// <summary>The time that turns hold together, in order.</summary>
    private static List<TimeRange> Spans(IEnumerable<Turn> turns)
    {
        var spans = new List<TimeRange>();
        foreach (TimeRange range in turns.Select(turn => turn.Range).Order())
        {
            if (spans.Count > 0 && range.Start <= spans[^1].End)
            {
                spans[^1] = new TimeRange(spans[^1].Start, Math.Max(spans[^1].End, range.End));
            }
            else
            {
                spans.Add(range);
            }
        }

        return spans;
    }
}
