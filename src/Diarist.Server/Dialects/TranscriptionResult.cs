using System.Text;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Sessions;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Server.Dialects;

/// <summary>A transcription with speakers, in the forms of OpenAI's interface. Speakers who are not known are A, B, C, … in the order in which they first speak.</summary>
internal sealed class TranscriptionResult
{
    private readonly AttributedTranscript _transcript;
    private readonly double _duration;

    /// <summary>Takes the words of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="warnings">What its recording and its words were warned of.</param>
    /// <exception cref="ApiException">It has none.</exception>
    public TranscriptionResult(DiarizationSession session, IReadOnlyList<string> warnings)
    {
        Warnings = warnings.Count > 0 ? warnings : null;
        AttributedTranscript attributed = SessionViews.Attribute(session, named: false, out _) ?? throw UploadsApi.NoEngine();
        Dictionary<string, string> names = SessionViews.RecognizedNames(session);
        string[] strangers = [.. attributed.Speakers.Where(label => !names.ContainsKey(label))];
        foreach ((string label, string letters) in strangers.Zip(Enumerable.Range(0, int.MaxValue).Select(Letters).Where(letters => !names.ContainsValue(letters))))
        {
            names[label] = letters;
        }

        _transcript = attributed.WithNames(attributed.Speakers.ToDictionary(label => label, label => names[label]));
        _duration = Math.Round(session.Recording.Duration, 3);
    }

    /// <summary>The media type of a form.</summary>
    public static string TypeOf(string format) => format switch
    {
        "text" => "text/plain; charset=utf-8",
        "srt" => "application/x-subrip; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };

    /// <summary>The text alone.</summary>
    public string Text => string.Join(' ', Segments.Select(segment => segment.Segment.Text.Trim()));

    /// <summary>What one speaker after another says.</summary>
    public IReadOnlyList<OpenAiSpeakerSegment> Lines =>
        [.. TranscriptLines.Of(_transcript).Index().Select(pair => new OpenAiSpeakerSegment("transcript.text.segment", $"seg_{pair.Index + 1:000}", Rounded(pair.Item.Range.Start), Rounded(pair.Item.Range.End), pair.Item.Text, pair.Item.Speaker ?? ""))];

    /// <summary>What is wrong with the recording or its words; <see langword="null"/> when nothing is.</summary>
    public IReadOnlyList<string>? Warnings { get; }

    /// <summary>What the recording cost.</summary>
    public OpenAiUsage Usage => OpenAiUsage.Of(_duration);

    private IEnumerable<AttributedSegment> Segments => _transcript.Segments.Where(segment => !string.IsNullOrWhiteSpace(segment.Segment.Text));

    /// <summary>Writes the answer.</summary>
    public byte[] Write(TranscriptionForm form) => form.Format switch
    {
        "text" => Encoding.UTF8.GetBytes(Text + "\n"),
        "srt" => Subtitles(TranscriptFormat.Srt, form.Speakers),
        "vtt" => Subtitles(TranscriptFormat.WebVtt, form.Speakers),
        "verbose_json" => JsonSerializer.SerializeToUtf8Bytes(Verbose(form), OpenAiJson.Default.OpenAiVerbose),
        "diarized_json" => JsonSerializer.SerializeToUtf8Bytes(new OpenAiDiarized("transcribe", _duration, Text, Lines, Usage, Warnings), OpenAiJson.Default.OpenAiDiarized),
        _ => JsonSerializer.SerializeToUtf8Bytes(new OpenAiTranscription(Text, Usage, Warnings), OpenAiJson.Default.OpenAiTranscription),
    };

    private OpenAiVerbose Verbose(TranscriptionForm form) => new(
        "transcribe",
        _transcript.Transcript.Language ?? "",
        _duration,
        Text,
        form.Words ? [.. Segments.SelectMany(segment => segment.Words).Where(word => word.Word.Range is not null).Select(word => new OpenAiWord(word.Word.Text, Rounded(word.Word.Range!.Value.Start), Rounded(word.Word.Range.Value.End), form.Speakers ? word.Choice.Speaker : null))] : null,
        form.Segments ? [.. Segments.Index().Select(pair => Segment(pair.Index, pair.Item, form.Speakers))] : null,
        Usage,
        Warnings);

    private static OpenAiSegment Segment(int index, AttributedSegment segment, bool speakers) =>
        new(index, Rounded(segment.Segment.Range?.Start ?? 0), Rounded(segment.Segment.Range?.End ?? 0), segment.Segment.Text.Trim(), [], speakers ? segment.Choice.Speaker : null);

    private byte[] Subtitles(TranscriptFormat format, bool speakers)
    {
        AttributedTranscript shown = speakers ? _transcript : SpeakerAttribution.Assign(_transcript.Transcript, []);
        using var writer = new StringWriter { NewLine = "\n" };
        TranscriptWriter.Write(writer, shown, format, "recording");
        return Encoding.UTF8.GetBytes(writer.ToString());
    }

    /// <summary>A, B, …, Z, AA, AB, …</summary>
    internal static string Letters(int index) => index < 26 ? $"{(char)('A' + index)}" : Letters((index / 26) - 1) + (char)('A' + (index % 26));

    private static double Rounded(double seconds) => Math.Round(seconds, 3, MidpointRounding.ToEven);
}
