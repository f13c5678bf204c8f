using System.Runtime.InteropServices;
using System.Text;
using Diarist.Audio;

namespace Diarist.Asr;

/// <summary>
/// sherpa-onnx through its C library, in this process. Library and models are the user's; nothing is fetched. The whole
/// recording is decoded at once, which models of fixed length (Whisper: 30 s) do not take beyond their length.
/// </summary>
public sealed unsafe class SherpaOnnxTranscriber : ITranscriber, IDisposable
{
    private readonly SherpaOnnxLibrary _library;
    private readonly Lock _lock = new();
    private nint _recognizer;

    /// <summary>Loads library and model.</summary>
    /// <param name="libraryPath">The path of <c>libsherpa-onnx-c-api</c>.</param>
    /// <param name="configuration">
    /// Members of <c>SherpaOnnxOfflineRecognizerConfig</c> by name, such as <c>moonshine.encoder</c> and <c>tokens</c>;
    /// docs/transcripts.md lists those of each model family.
    /// </param>
    /// <exception cref="ArgumentException">A member is unknown, or its value is no number where one is needed.</exception>
    /// <exception cref="TranscriberException">The library cannot be used, or a file of the model is missing.</exception>
    public SherpaOnnxTranscriber(string libraryPath, IReadOnlyDictionary<string, string> configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(libraryPath);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Count == 0)
        {
            throw new ArgumentException("sherpa-onnx needs a model: name its files.", nameof(configuration));
        }

        if (nint.Size != 8 || !BitConverter.IsLittleEndian)
        {
            throw new TranscriberException("sherpa-onnx: the layout of its configuration is known for 64-bit little-endian machines only");
        }

        _library = new SherpaOnnxLibrary(libraryPath);
        using var structure = new SherpaOnnxConfiguration(WithDefaults(configuration));
        fixed (byte* bytes = structure.Bytes)
        {
            _recognizer = _library.CreateRecognizer(bytes);
        }

        if (_recognizer == 0)
        {
            throw new TranscriberException("sherpa-onnx refuses this configuration; what it printed before says why");
        }
    }

    /// <summary>The library's version.</summary>
    public string Version => _library.Version;

    /// <inheritdoc/>
    public Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            float[] samples = AudioReader.ReadMono(audioPath);
            cancellationToken.ThrowIfCancellationRequested();
            return new RecognizerOutput($"sherpa-onnx {Version}", Decode(samples));
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_recognizer != 0)
            {
                _library.DestroyRecognizer(_recognizer);
                _recognizer = 0;
            }
        }
    }

    private static Dictionary<string, string> WithDefaults(IReadOnlyDictionary<string, string> configuration)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["feat.sample_rate"] = "16000",
            ["feat.feature_dim"] = "80",
            ["num_threads"] = "1",
            ["provider"] = "cpu",
            ["decoding_method"] = "greedy_search",
            ["whisper.enable_token_timestamps"] = "1",
        };
        foreach (var (name, value) in configuration)
        {
            members[name] = value;
        }

        return members;
    }

    private byte[] Decode(float[] samples)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_recognizer == 0, this);
            nint stream = _library.CreateStream(_recognizer);
            nint json = 0;
            try
            {
                fixed (float* first = samples)
                {
                    _library.AcceptWaveform(stream, MonoStream.SampleRate, first, samples.Length);
                }

                _library.Decode(_recognizer, stream);
                json = _library.GetResultAsJson(stream);
                return Encoding.UTF8.GetBytes(Marshal.PtrToStringUTF8(json) + "\n");
            }
            finally
            {
                if (json != 0)
                {
                    _library.DestroyResultJson(json);
                }

                _library.DestroyStream(stream);
            }
        }
    }
}
