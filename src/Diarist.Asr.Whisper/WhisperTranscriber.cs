using Diarist.Audio;
using Diarist.Packs;
using Diarist.Transcripts;
using Diarist.VoiceActivity;
using Whisper.net;

namespace Diarist.Asr.Whisper;

/// <summary>
/// Whisper in this process. Holds the model, so make one and use it for many recordings; calls from several threads take turns, piece by
/// piece. A recording is read as a stream and recognized in pieces that begin and end in pauses; only one piece is in memory. What comes
/// out is a transcript in Diarist's own JSON (<c>diarist-transcript/1</c>).
/// </summary>
/// <remarks>
/// Words have the times of their tokens; where the heads of the model's attention that follow the words are known (OpenAI's models but
/// large v1 and v2), a word begins where these heads say (dynamic time warping). All times lie within the recording and in order.
/// </remarks>
public sealed class WhisperTranscriber : ITranscriber, IDisposable
{
    private readonly WhisperTranscriberOptions _options;
    private readonly WhisperModelFile _model;
    private readonly WhisperFactory _factory;
    private readonly SpeechDetector _speech;
    private readonly SemaphoreSlim _turn = new(1);
    private int _threads;
    private bool _disposed;

    private WhisperTranscriber(WhisperTranscriberOptions options, WhisperModelFile model, WhisperFactory factory, SpeechDetector speech)
    {
        _options = options;
        _model = model;
        _factory = factory;
        _speech = speech;
        Threads = options.Threads;
    }

    /// <summary>How many threads the next piece takes; 0 takes one for each processor. May be changed while a recording is transcribed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or above 256.</exception>
    public int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            Volatile.Write(ref _threads, value);
        }
    }

    /// <summary>Whether words begin where the model's attention says, instead of where its tokens of time suggest.</summary>
    public bool AlignsWords { get; private init; }

    /// <summary>The networks that are used besides the model, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs => _speech.Packs;

    /// <summary>Checks and loads a model.</summary>
    /// <param name="options">The model.</param>
    /// <param name="speech">Finds the speech, at whose pauses recordings are cut.</param>
    /// <param name="cancellationToken">Stops waiting; a model that is half loaded is dropped when its loading ends.</param>
    /// <exception cref="ArgumentException">The options make no sense, or name a language that Whisper does not know.</exception>
    /// <exception cref="InputException">The model is missing, no model, damaged or cut off.</exception>
    /// <exception cref="TranscriberException">The native library is not here, cannot run here, or refuses the model.</exception>
    public static async Task<WhisperTranscriber> LoadAsync(WhisperTranscriberOptions options, SpeechDetector speech, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(speech);
        options.Validate();
        Task<WhisperTranscriber> loading = Task.Run(() => Load(options, speech, cancellationToken), cancellationToken);
        try
        {
            return await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = loading.ContinueWith(task => task.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default) => TranscribeAsync(audioPath, progress: null, cancellationToken);

    /// <summary>Transcribes a file.</summary>
    /// <param name="audioPath">The recording, of any kind that <see cref="AudioReader"/> opens.</param>
    /// <param name="progress">Is told how far the recording is done, also within pieces.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="TranscriberException">Whisper fails.</exception>
    /// <exception cref="InputException">The recording cannot be read.</exception>
    public async Task<RecognizerOutput> TranscribeAsync(string audioPath, IProgress<TranscriptionProgress>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioPath);
        ObjectDisposedException.ThrowIf(_disposed, this);
        DetectedSpeech heard = await Task.Run(() => _speech.Detect(audioPath, options: null, cancellationToken), cancellationToken).ConfigureAwait(false);
        var words = new WhisperWords(_model);
        var segments = new List<TranscriptSegment>();
        string? language = _options.Language;
        using var recording = new PieceSamples(audioPath);
        foreach (SpeechPiece speech in SpeechPieces.From(heard.Spans, WhisperPieces.Joining))
        {
            foreach (WhisperPiece piece in WhisperPieces.Read(recording, speech, cancellationToken))
            {
                TimeRange range = piece.Range;
                double said = range.Start;
                void Take(SegmentData segment)
                {
                    if (words.Read(segment, range, said) is { } read)
                    {
                        segments.Add(read);
                        language ??= segment.Language;
                        said = read.Range!.Value.End;
                    }

                    progress?.Report(new TranscriptionProgress(said, heard.Duration));
                }

                await RecognizeAsync(piece.Samples, language, Take, audioPath, cancellationToken).ConfigureAwait(false);
                progress?.Report(new TranscriptionProgress(range.End, heard.Duration));
            }
        }

        progress?.Report(new TranscriptionProgress(heard.Duration, heard.Duration));
        return OwnOutput.Of(new Transcript(segments) { Dialect = "whisper", Language = language }, audioPath);
    }

    /// <summary>Frees the model, without waiting: where native code still ends a cancelled piece, as soon as it has.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = FreeAsync();
        }
    }

    private async Task FreeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _factory.Dispose();
        _turn.Release();
    }

    private static WhisperTranscriber Load(WhisperTranscriberOptions options, SpeechDetector speech, CancellationToken cancellationToken)
    {
        WhisperModelFile model = WhisperModelFile.Read(options.ModelPath, cancellationToken);
        WhisperRuntime.Load(options.Runtime);
        RequireLanguage(options.Language, model);
        WhisperAlignmentHeadsPreset heads = WhisperAlignment.HeadsOf(model);
        bool aligns = heads != WhisperAlignmentHeadsPreset.None;
        WhisperFactory? factory = null;
        try
        {
            factory = WhisperFactory.FromPath(options.ModelPath, new WhisperFactoryOptions { UseDtwTimeStamps = aligns, HeadsPreset = heads });
            _ = factory.CreateBuilder();
            return new WhisperTranscriber(options, model, factory, speech) { AlignsWords = aligns };
        }
        catch (WhisperModelLoadException error)
        {
            factory?.Dispose();
            throw new TranscriberException($"{options.ModelPath}: Whisper's native library refuses this model ({error.Message.TrimEnd('.')}); download it again, in whisper.cpp's ggml form.", error);
        }
    }

    private static void RequireLanguage(string? language, WhisperModelFile model)
    {
        if (language is null)
        {
            return;
        }

        if (!WhisperFactory.GetSupportedLanguages().Contains(language, StringComparer.Ordinal) && language != "yue")
        {
            throw new ArgumentException($"Whisper knows no language '{language}'; it takes abbreviations such as en, de and fr.", nameof(language));
        }

        if (!model.IsMultilingual && language != "en")
        {
            throw new ArgumentException($"The model knows English only, and the language is to be '{language}'.", nameof(language));
        }
    }

    private async Task RecognizeAsync(float[] samples, string? language, Action<SegmentData> take, string audioPath, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        WhisperProcessor processor;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            processor = Build(language);
        }
        catch
        {
            _turn.Release();
            throw;
        }

        try
        {
            await foreach (SegmentData segment in processor.ProcessAsync(Padded(samples), cancellationToken).ConfigureAwait(false))
            {
                take(segment);
            }
        }
        catch (WhisperProcessingException error)
        {
            throw new TranscriberException($"{audioPath}: Whisper fails: {error.Message}", error);
        }
        finally
        {
            // After a cancellation the native code ends by itself, at its next look at the token. Nobody waits for it but the next piece.
            _ = ReleaseAsync(processor);
        }
    }

    private async Task ReleaseAsync(WhisperProcessor processor)
    {
        await processor.DisposeAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private WhisperProcessor Build(string? language)
    {
        int threads = Threads;
        WhisperProcessorBuilder builder = _factory.CreateBuilder()
            .WithThreads(threads > 0 ? threads : Environment.ProcessorCount)
            .WithTokenTimestamps()
            .WithTemperatureInc((float)_options.TemperatureIncrement);
        builder = language is null && _model.IsMultilingual ? builder.WithLanguageDetection() : builder.WithLanguage(language ?? "en");
        return (_options.Prompt is { Length: > 0 } prompt ? builder.WithPrompt(prompt) : builder).Build();
    }

    // Whisper does not look at the last second of what it gets, so that second is silence.
    private static float[] Padded(float[] samples)
    {
        float[] padded = new float[samples.Length + MonoStream.SampleRate];
        samples.CopyTo(padded, 0);
        return padded;
    }
}
