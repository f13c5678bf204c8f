using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>CTM and STM as transcripts.</summary>
internal static class AnnotatedUtterances
{
    /// <summary>The words of a CTM: one segment for each recording and channel.</summary>
    public static Transcript ReadCtm(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        foreach (RecordingUtterances recording in Ctm.Read(new StringReader(source.Text), source.Name, source.Notes))
        {
            var channels = recording.Utterances.GroupBy(word => word.Channel).ToArray();
            foreach (var channel in channels)
            {
                int? number = channels.Length > 1 ? AnnotationField.ChannelNumber(channel.Key) : null;
                Word[] words = [.. channel.Select(word => new Word(word.Text, word.Range) { Confidence = word.Confidence, Speaker = word.Speaker, Channel = number })];
                segments.Add(TranscriptSegment.FromWords(words) with { Recording = recording.Recording, Channel = number });
            }
        }

        return new Transcript(segments) { Dialect = "ctm", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>The utterances of an STM: one segment each.</summary>
    public static Transcript ReadStm(TextSource source)
    {
        TranscriptSegment[] segments =
        [
            .. Stm.Read(new StringReader(source.Text), source.Name, source.Notes).SelectMany(recording => recording.Utterances
                .Where(utterance => utterance.Text.Length > 0)
                .Select(utterance => new TranscriptSegment(utterance.Text, utterance.Range, []) { Speaker = utterance.Speaker, Recording = recording.Recording })),
        ];
        return new Transcript(segments) { Dialect = "stm", Turns = SpeakerTurns.From(segments) };
    }
}
