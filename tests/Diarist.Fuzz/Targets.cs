using System.Text;
using Diarist.Attribution;
using Diarist.Audio;
using Diarist.Audio.Codecs;
using Diarist.Audio.Containers;
using Diarist.Formats;
using Diarist.Inference;
using Diarist.Packs;
using Diarist.Scoring;
using Diarist.Simulation;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Fuzz;

/// <summary>Every parser of the library, one line each. A new parser is added here, with a seed in seeds/NAME/ or the fixtures of its tests.</summary>
internal static class Targets
{
    private static readonly AttributionPolicy Policy = new();
    private static readonly Turn[] Speakers = [new(0, 5, "A"), new(4, 9, "B")];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        // What was read is written in every format, each with objects for words of two letters.
        new("transcript", bytes => Transcript(TranscriptDocument.Read(bytes, "fuzz")), "tests/Diarist.Tests/Fixtures/Transcripts/*", "tests/Diarist.Tests/Fixtures/Exports/*") { AllocationFactor = 2000 },
        new("rttm", bytes => Turns(Rttm.Read(Text(bytes), "fuzz"))),
        new("uem", bytes => Uem.Read(Text(bytes), "fuzz")),
        new("ctm", bytes => Words(Ctm.Read(Text(bytes), "fuzz"))),
        new("stm", bytes => Words(Stm.Read(Text(bytes), "fuzz"))),
        new("seglst", bytes => Words(SegLst.Read(Text(bytes), "fuzz"))),
        new("diarization-json", bytes => DiarizationJson.ReadTurns(Text(bytes), "fuzz")),
        new("wav", bytes => Decode(WavDecoder.Open(new ByteSource(new MemoryStream(bytes), "fuzz"), out _))),

        // A header may ask for 8 channels in blocks of 65 535 samples.
        new("flac", bytes => Decode(Flac(new ByteSource(new MemoryStream(bytes), "fuzz")))) { FixedAllocation = 32 << 20 },
        new("mp3", bytes => Decode(MpegDecoder.TryOpen(new ByteSource(new MemoryStream(bytes), "fuzz")))),
        new("vorbis", bytes => Decode(OggDecoder.TryOpen(new ByteSource(new MemoryStream(bytes), "fuzz"), out _))) { Repair = OggPages.Sign },
        new("opus", bytes => Decode(OggDecoder.TryOpen(new ByteSource(new MemoryStream(bytes), "fuzz"), out _))) { Repair = OggPages.Sign },
        new("matroska", bytes => Decode(MatroskaDecoder.TryOpen(new ByteSource(new MemoryStream(bytes), "fuzz"), null, out _))),
        new("safetensors", bytes => WithFile(bytes, path => SafeTensors.Read(path))),
        new("onnx", bytes => WithFile(bytes, path => OnnxFile.Read(path))),
        
        // Deflate packs at most about 1030 to 1.
        new("npz", bytes => WithFile(bytes, path => Npz.Read(path))) { AllocationFactor = 4000 },
        new("catalog", bytes => WithFile(bytes, path => PackCatalog.BuiltIn.With(path)), "src/Diarist/Packs/catalog.json"),
        new("settings", Settings, "diarist.json"),
        new("utterance-table", bytes => WithFile(bytes, path => UtteranceCatalog.Read(path), ".tsv")),
    ];

    private static StringReader Text(byte[] bytes) => new(Encoding.UTF8.GetString(bytes));

    private static void Transcript(TranscriptDocument document)
    {
        // What was read can be attributed and written in every format.
        AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, Speakers, Policy);
        foreach (TranscriptFormat format in Enum.GetValues<TranscriptFormat>())
        {
            TranscriptWriter.Write(TextWriter.Null, attributed, format, "fuzz");
        }

        if (document.IsJson)
        {
            _ = document.Annotate(attributed, overwrite: true);
        }
    }

    private static void Turns(IReadOnlyList<RecordingTurns> recordings)
    {
        foreach (RecordingTurns recording in recordings)
        {
            _ = DiarizationErrorRate.Compute(recording.Turns, Speakers);
            Rttm.Write(TextWriter.Null, "fuzz", recording.Turns);
        }
    }

    private static void Words(IReadOnlyList<RecordingUtterances> recordings)
    {
        foreach (RecordingUtterances recording in recordings)
        {
            _ = WordErrorRate.ComputeConcatenated(recording.Utterances, recording.Utterances);
        }
    }

    private static FlacDecoder? Flac(ByteSource source) => source.Peek(4).SequenceEqual("fLaC"u8) ? FlacDecoder.Open(source) : null;

    private static void Decode(AudioStream? audio)
    {
        using (audio)
        {
            if (audio is null)
            {
                return;
            }

            // Beyond eight channels blocks are shorter, so that what is measured is the decoder's memory and not this.
            float[] block = new float[Math.Max(audio.Info.Channels, Math.Min(8, audio.Info.Channels) * 4096)];

            // A few kilobytes may stand for hours of silence; the decoder's state is what matters here.
            for (int reads = 0; reads < 64 && audio.Read(block) > 0; reads++)
            {
            }
        }
    }

    private static void Settings(byte[] bytes) => WithFile(
        bytes,
        path => PackStore.Open(new PackStoreOptions { Environment = new PackEnvironment { Variable = _ => null, WorkingDirectory = () => Path.GetDirectoryName(path)! } }),
        "-settings/diarist.json");

    private static void WithFile(byte[] bytes, Action<string> read, string ending = "")
    {
        string path = Path.Combine(Scratch.Folder, Environment.CurrentManagedThreadId.ToString(System.Globalization.CultureInfo.InvariantCulture)) + ending;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        read(path);
    }
}
