using System.Text;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Asr;

/// <summary>What a recognizer gives that has no output of its own: a transcript in Diarist's JSON (<c>diarist-transcript/1</c>).</summary>
internal static class OwnOutput
{
    /// <summary>Writes a transcript.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="audioPath">The recording, after which the output is called.</param>
    public static RecognizerOutput Of(Transcript transcript, string audioPath)
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new UTF8Encoding(false)))
        {
            AttributedTranscript nobody = SpeakerAttribution.Assign(transcript, []);
            TranscriptWriter.Write(writer, nobody, TranscriptFormat.Json, "");
        }

        return new RecognizerOutput(Path.GetFileName(audioPath), stream.ToArray());
    }
}
