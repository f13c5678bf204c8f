using Diarist.Formats;
using Diarist.Transcripts.TextFormats;

namespace Diarist.Transcripts;

/// <summary>What a transcript with speakers can be written as.</summary>
public enum TranscriptFormat
{
    /// <summary>One paragraph for each stretch of one speaker: time, speaker, text.</summary>
    Text,

    /// <summary>The same in Markdown.</summary>
    Markdown,

    /// <summary>SRT subtitles with the speaker in brackets before the text, as WhisperX writes them.</summary>
    Srt,

    /// <summary>WebVTT subtitles with voice tags.</summary>
    WebVtt,

    /// <summary>Diarist's own JSON, schema <c>diarist-transcript/1</c>: segments and words with all that is known of their speakers.</summary>
    Json,

    /// <summary>The OpenAI API's <c>diarized_json</c>.</summary>
    DiarizedJson,

    /// <summary>NIST CTM with speakers, one word a line.</summary>
    Ctm,

    /// <summary>NIST STM, one stretch of one speaker a line.</summary>
    Stm,

    /// <summary>SegLST.</summary>
    SegLst,

    /// <summary>NIST RTTM: the speakers' stretches without their words.</summary>
    Rttm,

    /// <summary>Praat TextGrid, one tier for each speaker.</summary>
    TextGrid,

    /// <summary>Comma-separated values: start, end, speaker, text.</summary>
    Csv,

    /// <summary>One HTML page with the text, and a player that follows it when the recording is named; nothing is loaded from elsewhere.</summary>
    Html,
}
