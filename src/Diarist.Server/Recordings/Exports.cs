using System.Text;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Server.Http;
using Diarist.Sessions;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Server.Recordings;

/// <summary>The forms in which a session leaves the server; the bytes are those that the tool writes.</summary>
internal static class Exports
{
    private static readonly Dictionary<string, (TranscriptFormat Format, string Extension, string Type)> Transcripts = new(StringComparer.Ordinal)
    {
        ["text"] = (TranscriptFormat.Text, ".txt", "text/plain"),
        ["markdown"] = (TranscriptFormat.Markdown, ".md", "text/markdown"),
        ["srt"] = (TranscriptFormat.Srt, ".srt", "application/x-subrip"),
        ["vtt"] = (TranscriptFormat.WebVtt, ".vtt", "text/vtt"),
        ["json"] = (TranscriptFormat.Json, ".json", "application/json"),
        ["diarized_json"] = (TranscriptFormat.DiarizedJson, ".json", "application/json"),
        ["ctm"] = (TranscriptFormat.Ctm, ".ctm", "text/plain"),
        ["stm"] = (TranscriptFormat.Stm, ".stm", "text/plain"),
        ["seglst"] = (TranscriptFormat.SegLst, ".json", "application/json"),
        ["rttm"] = (TranscriptFormat.Rttm, ".rttm", "text/plain"),
        ["textgrid"] = (TranscriptFormat.TextGrid, ".TextGrid", "text/plain"),
        ["csv"] = (TranscriptFormat.Csv, ".csv", "text/csv"),
        ["html"] = (TranscriptFormat.Html, ".html", "text/html"),
    };

    /// <summary>Writes a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="format">One of the tool's formats; <c>turns.rttm</c>, <c>turns.json</c> and <c>turns.text</c> write turns also where there are words.</param>
    /// <returns>The bytes, the extension of a file that holds them, and their media type.</returns>
    /// <exception cref="ApiException">There is no such format, or it needs words.</exception>
    public static (byte[] Bytes, string Extension, string Type) Write(DiarizationSession session, string format)
    {
        bool turnsOnly = format.StartsWith("turns.", StringComparison.Ordinal);
        string word = turnsOnly ? format["turns.".Length..] : format;
        using var bytes = new MemoryStream();
        if (!turnsOnly && SessionViews.Attribute(session, named: true, out TranscriptDocument? document) is { } transcript)
        {
            return (bytes, word) switch
            {
                (_, "same") => document!.IsJson ? (document.Annotate(transcript, overwrite: true), ".json", "application/json") : throw Unknown(format),
                (_, "docx") => WriteDocx(session, transcript),
                _ => Transcripts.TryGetValue(word, out var known) ? WriteTranscript(session, transcript, known) : throw Unknown(format),
            };
        }

        (string extension, string type) = word switch
        {
            "rttm" => (".rttm", "text/plain"),
            "json" => (".json", "application/json"),
            "text" => (".txt", "text/plain"),
            _ => throw (Transcripts.ContainsKey(word) || word is "docx" or "same" ? new ApiException(409, "no_words", $"{word} needs words, and the recording has none.") : Unknown(format)),
        };
        WriteTurns(bytes, session, word);
        return (bytes.ToArray(), extension, type);
    }

    private static void WriteTurns(Stream stream, DiarizationSession session, string word)
    {
        Diarization shown = session.Diarization.WithReadableTurns(Diarization.BriefestReadableTurn, minimumGap: 0);
        if (word == "json")
        {
            DiarizationJson.Write(stream, shown, session.Recording.Info);
            return;
        }

        using StreamWriter writer = Writer(stream);
        if (word == "rttm")
        {
            Rttm.Write(writer, Rttm.RecordingOf(session.Recording.Info.Name), shown.Turns);
        }
        else
        {
            TimelineText.Write(writer, shown, session.Recording.Info, exclusive: false);
        }
    }

    private static (byte[] Bytes, string Extension, string Type) WriteTranscript(DiarizationSession session, AttributedTranscript transcript, (TranscriptFormat Format, string Extension, string Type) known)
    {
        using var bytes = new MemoryStream();
        using (StreamWriter writer = Writer(bytes))
        {
            TranscriptWriter.Write(writer, transcript, known.Format, Rttm.RecordingOf(session.Recording.Info.Name));
        }

        return (bytes.ToArray(), known.Extension, known.Type);
    }

    private static (byte[] Bytes, string Extension, string Type) WriteDocx(DiarizationSession session, AttributedTranscript transcript)
    {
        using var bytes = new MemoryStream();
        TranscriptWriter.WriteDocx(bytes, transcript, Rttm.RecordingOf(session.Recording.Info.Name));
        return (bytes.ToArray(), ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    }

    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false), 4096, leaveOpen: true) { NewLine = "\n" };

    private static ApiException Unknown(string format) =>
        ApiException.Invalid("format", $"{(format.Length == 0 ? "The parameter format is missing" : $"There is no format '{format}' for this recording")}; there are {string.Join(", ", Transcripts.Keys)}, docx, same (for words in JSON), turns.rttm, turns.json and turns.text.");
}
