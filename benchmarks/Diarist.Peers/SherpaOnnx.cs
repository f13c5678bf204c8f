using System.Globalization;
using System.Runtime.InteropServices;

namespace Diarist.Peers;

/// <summary>
/// Offline speaker diarization through sherpa-onnx's C API. The structures are those of one version
/// (<see cref="ExpectedVersion"/>): their layout changes between versions, so any other library is refused.
/// </summary>
internal sealed unsafe class SherpaOnnx : IDisposable
{
    /// <summary>The version whose structures are described here; run.sh installs it.</summary>
    public const string ExpectedVersion = "1.13.8";

    private readonly nint _library;
    private readonly void* _diarizer;

    /// <summary>Loads the library and its two networks.</summary>
    /// <param name="library">libsherpa-onnx-c-api.so, with its own ONNX Runtime beside it.</param>
    /// <param name="segmentation">The segmentation network, with sherpa-onnx's metadata.</param>
    /// <param name="embedder">The embedder, with sherpa-onnx's metadata.</param>
    /// <param name="threads">Threads within an operator.</param>
    /// <param name="speakers">The number of speakers to find.</param>
    public SherpaOnnx(string library, string segmentation, string embedder, int threads, int speakers)
    {
        _library = NativeLibrary.Load(library);
        string version = Version(library);
        if (version != ExpectedVersion)
        {
            throw new InvalidOperationException($"{library} is version {version}; the structures here are those of {ExpectedVersion}");
        }

        fixed (byte* segmentationPath = OnnxRuntime.NullTerminated(segmentation), embedderPath = OnnxRuntime.NullTerminated(embedder), provider = "cpu\0"u8)
        {
            Config config = new()
            {
                Segmentation = new() { Model = segmentationPath, WindowShiftRatio = 0.1f, Threads = threads, Provider = provider },
                Embedding = new() { Model = embedderPath, Threads = threads, Provider = provider },
                Clustering = new() { Clusters = speakers, Threshold = 0.5f },
                MinimumDurationOn = 0.3f,
                MinimumDurationOff = 0.5f,
            };
            _diarizer = ((delegate* unmanaged<Config*, void*>)Export("SherpaOnnxCreateOfflineSpeakerDiarization"))(&config);
        }

        if (_diarizer == null)
        {
            throw new InvalidOperationException($"sherpa-onnx refused {segmentation} or {embedder}; it says why above");
        }
    }

    /// <summary>The version that a library reports.</summary>
    public static string Version(string library)
    {
        nint handle = NativeLibrary.Load(library);
        byte* version = ((delegate* unmanaged<byte*>)NativeLibrary.GetExport(handle, "SherpaOnnxGetVersionStr"))();
        return Marshal.PtrToStringUTF8((nint)version) ?? "unknown";
    }

    /// <summary>Diarizes mono 16 kHz audio.</summary>
    /// <returns>The turns.</returns>
    public IReadOnlyList<Turn> Diarize(ReadOnlySpan<float> samples)
    {
        void* result;
        fixed (float* data = samples)
        {
            result = ((delegate* unmanaged<void*, float*, int, void*>)Export("SherpaOnnxOfflineSpeakerDiarizationProcess"))(_diarizer, data, samples.Length);
        }

        int count = ((delegate* unmanaged<void*, int>)Export("SherpaOnnxOfflineSpeakerDiarizationResultGetNumSegments"))(result);
        void* segments = ((delegate* unmanaged<void*, void*>)Export("SherpaOnnxOfflineSpeakerDiarizationResultSortByStartTime"))(result);
        Turn[] turns = Turns((int*)segments, count, words: 3) ?? Turns((int*)segments, count, words: 4)
            ?? throw new InvalidOperationException("sherpa-onnx hands out segments of another layout than start, end, speaker.");
        ((delegate* unmanaged<void*, void>)Export("SherpaOnnxOfflineSpeakerDiarizationDestroySegment"))(segments);
        ((delegate* unmanaged<void*, void>)Export("SherpaOnnxOfflineSpeakerDiarizationDestroyResult"))(result);
        return turns;
    }

    /// <summary>Segments of so many words, start and end in seconds and the speaker's number first, sorted by start; null when these are none.</summary>
    private static Turn[]? Turns(int* segments, int count, int words)
    {
        const int mostSpeakers = 100;
        var turns = new Turn[count];
        float before = 0;
        for (int i = 0; i < count; i++, segments += words)
        {
            (float start, float end, int speaker) = (*(float*)segments, *(float*)(segments + 1), segments[2]);
            if (!(start >= before && end > start) || speaker is < 0 or > mostSpeakers)
            {
                return null;
            }

            before = start;
            turns[i] = new Turn(new TimeRange(start, end), speaker.ToString(CultureInfo.InvariantCulture));
        }

        return turns;
    }

    public void Dispose() => ((delegate* unmanaged<void*, void>)Export("SherpaOnnxDestroyOfflineSpeakerDiarization"))(_diarizer);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    // What the C compiler does with these structures, .NET does as well: sequential, naturally aligned.
    private struct SegmentationConfig
    {
        public byte* Model;
        public float WindowShiftRatio;
        private readonly int _padding;
        public int Threads;
        public int Debug;
        public byte* Provider;
    }

    private struct EmbeddingConfig
    {
        public byte* Model;
        public int Threads;
        public int Debug;
        public byte* Provider;
    }

    private struct ClusteringConfig
    {
        public int Clusters;
        public float Threshold;
        public int ComputeConfidence;
    }

    private struct Config
    {
        public SegmentationConfig Segmentation;
        public EmbeddingConfig Embedding;
        public ClusteringConfig Clustering;
        public float MinimumDurationOn;
        public float MinimumDurationOff;
    }
}
