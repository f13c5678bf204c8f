namespace Diarist.Transcripts;

/// <summary>The names of the transcripts that are read, for the error that a file is none of them.</summary>
internal static class TranscriptDialects
{
    public const string Known =
        "known are the JSON of OpenAI, Whisper and its relatives, whisper.cpp, Whisper.net, WhisperX, Hugging Face, NeMo, Vosk, sherpa-onnx, FunASR, Qwen3-ASR, Moonshine, "
        + "Voxtral, Amazon, AssemblyAI, Azure, Deepgram, ElevenLabs, Gladia, Google, Rev.ai, Soniox, Speechmatics, Watson and YouTube, SegLST and lists of texts with start and end; "
        + "SRT, WebVTT, SBV, LRC, ASS, TTML, ELAN, CTM, STM, TextGrid, Audacity labels, TSV and CSV with start, end and text, printed lines with times, and texts with speaker tokens";
}
