using System.Text;

namespace Diarist.Transcripts;

/// <summary>What the items of a list of texts with times are.</summary>
public enum TranscriptItems
{
    /// <summary>The whole list decides: lengths, spaces, sentence marks and durations.</summary>
    Automatic,

    /// <summary>Each item is a word. In captions and lines with times too.</summary>
    Words,

    /// <summary>Each item is a segment.</summary>
    Segments,
}

/// <summary>How a transcript is read where its file leaves a choice.</summary>
public sealed record TranscriptReading
{
    /// <summary>The default: tolerant, items decided automatically, no names from texts.</summary>
    public static TranscriptReading Default { get; } = new();

    /// <summary>What the items of a list are when the file does not name them. Default: automatic.</summary>
    public TranscriptItems Items { get; init; }

    /// <summary>
    /// The encoding of the file where it is neither UTF-8, UTF-16 with its mark nor Windows-1252. Places in messages are then those in
    /// the text as UTF-8, and JSON comes out in UTF-8. Default: the bytes decide.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Whether anything unusual is an error: times that are negative, backward or no numbers, texts without a place, bytes
    /// that are no characters, word times outside their segment. Otherwise each is a warning of the document. Default: no.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Whether <c>Name: text</c> at the start of captions, and identifiers of cues that are names, name their speakers, as
    /// Teams, Zoom and Webex write them. Default: no, because any sentence may begin with a word and a colon.
    /// </summary>
    public bool NamesInText { get; init; }
}
