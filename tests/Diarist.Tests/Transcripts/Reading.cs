using System.Text;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Tests.Transcripts;

/// <summary>Small transcripts read and joined with three turns of two people.</summary>
internal static class Reading
{
    public static readonly TranscriptReading Strict = new() { Strict = true };

    /// <summary>SPEAKER_00 0–4 s, SPEAKER_01 4–7 s, SPEAKER_00 7–12 s.</summary>
    public static readonly Turn[] T10 = [new(0, 4, "SPEAKER_00"), new(4, 7, "SPEAKER_01"), new(7, 12, "SPEAKER_00")];

    public static TranscriptDocument Read(string text, TranscriptReading? reading = null) => TranscriptDocument.Read(Encoding.UTF8.GetBytes(text), "test", reading);

    /// <summary>The transcript with the speakers of T10 as comma-separated lines: speaker, text.</summary>
    public static string Lines(string text, TranscriptReading? reading = null) => Lines(Read(text, reading));

    public static string Lines(TranscriptDocument document)
    {
        string[] rows = Write(SpeakerAttribution.Assign(document.Transcript, T10), TranscriptFormat.Csv).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        return string.Join('|', rows.Select(row => string.Join(',', row.Split(',')[2..]).Replace("SPEAKER_0", "", StringComparison.Ordinal)));
    }

    public static string Write(AttributedTranscript transcript, TranscriptFormat format)
    {
        var text = new StringWriter();
        TranscriptWriter.Write(text, transcript, format, "meeting");
        return text.ToString();
    }
}
