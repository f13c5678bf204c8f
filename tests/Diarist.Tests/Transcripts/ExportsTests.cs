using Diarist.Attribution;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>
/// Small files in the shapes that recognizers, services, meeting programs, editors and aligners export; all say the same
/// three sentences. Each is read with every word at its speaker, or refused; none is read wrong in silence.
/// </summary>
public class ExportsTests
{
    private const string Said = "0,Hello there everyone.|1,How are you?|0,Very well thanks.";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Exports");

    public static TheoryData<string> Read => Names(Folder);

    public static TheoryData<string> Refused => Names(Path.Combine(Folder, "Refused"));

    [Theory]
    [MemberData(nameof(Read))]
    public void Every_sentence_goes_to_its_speaker(string file)
    {
        TranscriptDocument document = TranscriptDocument.Read(Path.Combine(Folder, file));
        Assert.Equal(Said, Lines(document).Replace(" |", "|", StringComparison.Ordinal));
        AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, T10);
        Assert.Empty(attributed.Warnings);
        if (document.IsJson)
        {
            // Members that the dialect itself names in places without text cannot be replaced, and then nothing is written.
            byte[]? annotated = document.UnreadSpeakers.Count == 0 ? document.Annotate(attributed, overwrite: true) : null;
            Assert.Equal(annotated is null ? null : Said, annotated is null ? null : Lines(TranscriptDocument.Read(annotated, file)).Replace(" |", "|", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_read_is_refused_with_its_place(string file)
    {
        AnnotationFormatException error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(Path.Combine(Folder, "Refused", file)));
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    private static TheoryData<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];
}
