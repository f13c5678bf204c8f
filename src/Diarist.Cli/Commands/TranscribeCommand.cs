using System.CommandLine;
using Diarist.Asr;
using Diarist.Asr.Whisper;
using Diarist.Attribution;
using Diarist.Audio;
using Diarist.Cli.Remote;
using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Packs;
using Diarist.Transcripts;
using Diarist.VoiceActivity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist transcribe</c>: a recognizer of the user's, with speakers joined to its words when asked for.</summary>
internal static class TranscribeCommand
{
    private static readonly Argument<string> Input = new("audio") { Description = "A recording." };
    private static readonly Option<bool> Diarize = new("--diarize") { Description = "Join speakers to the words; without it the recognizer's output comes out as it is." };
    private static readonly Option<bool> Vad = new("--vad") { Description = "Give the recognizer only what is speech, piece by piece, and map its times back to the recording; with --diarize --channels separate each channel by itself. The default format is then json." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output." };

    // Recognizers run here whoever finds the speakers.
    private static readonly HashSet<string> OfRecognition = ["--packs", "--catalog", "--yes", "--offline"];

    // What the recognizer gives decides the form, and with it the name only of a file in a folder.
    private static readonly OutputFormat[] Undecided = [AttributionArguments.Same];

    public static Command Create()
    {
        var command = new Command("transcribe", "Who said what: run a speech recognizer of yours and join speakers to its words.") { Input, Diarize, Vad, Output };
        EngineArguments.AddTo(command);
        AttributionArguments.AddTo(command);
        OfRecognition.UnionWith(command.Options.Select(option => option.Name));
        VoiceArguments.AddTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        ServerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string input = parsed.GetRequiredValue(Input);
        if (input == StandardInput.Argument)
        {
            throw new UsageException("transcribe needs a file: recognizer and diarizer both read it.");
        }

        bool diarize = parsed.GetValue(Diarize);
        using RemoteServer? server = ServerArguments.Open(parsed, OfRecognition);
        if (!diarize && (server is not null || VoiceArguments.AreAsked(parsed)))
        {
            throw new UsageException("--server, --voices and --me concern speakers, and without --diarize none are joined to the words.");
        }

        bool pieces = parsed.GetValue(Vad) || EngineArguments.CutsAtSpeech(parsed);
        string? path = parsed.GetValue(Output);
        IReadOnlyList<OutputFormat> formats = AttributionArguments.FormatsOf(parsed, path);
        formats = formats.Count == 0 && pieces ? [OutputFormats.Json] : formats;
        if (pieces && formats.Contains(AttributionArguments.Same))
        {
            throw new UsageException($"--format {AttributionArguments.Same.Word} gives the recognizer's own output, and with --vad or --engine whisper there is one for every piece; name another format.");
        }

        AttributionPolicy policy = AttributionArguments.PolicyOf(parsed);
        Dictionary<string, string> names = NameArguments.Read(parsed);
        DiarizerOptions options = DiarizerArguments.Read(parsed);
        ITranscriber engine = await EngineArguments.CreateAsync(parsed, DiarizerArguments.Packs, cancellationToken).ConfigureAwait(false);
        using var disposal = engine as IDisposable;
        var whisper = engine as WhisperTranscriber;
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        if (whisper is not null)
        {
            // The diarizer is many times faster than the recognizer: a third of the cores, which it gives back when it has ended.
            options = options with { Threads = diarize ? Math.Max(1, threads / 3) : threads };
            whisper.Threads = diarize ? Math.Max(1, threads - options.Threads) : threads;
        }

        var target = OutputTarget.Create(path, [input], formats.Count > 0 ? formats : Undecided);

        RecordingOptions recordings = VoiceArguments.AddTo(AudioArguments.Read(parsed), diarize ? VoiceArguments.Read(parsed) : null);
        using RereadableFile file = RereadableFile.Create(input, cancellationToken);
        recordings.Check([file.Path]);
        using RereadableFile? selected = recordings.Selects ? recordings.WriteSignal(file.Path, cancellationToken) : null;
        bool byChannel = diarize && pieces && recordings.Separates;
        SpeechDetector? detector = pieces && whisper is null && !byChannel ? await DiarizerArguments.SpeechDetectorAsync(parsed, cancellationToken).ConfigureAwait(false) : null;
        ITranscriber recognizer = detector is null ? engine : CutAtSpeech(engine, detector);
        Diarizer? diarizer = diarize && (server is null || recordings.Known is not null) ? await DiarizerArguments.LoadAsync(parsed, recordings.ForEach(options), cancellationToken).ConfigureAwait(false) : null;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (recordings.Known is not null)
        {
            VoiceArguments.RequireSameNetwork(parsed, recordings.Known, diarizer!);
        }

        Task<Diarization?> diarization = server is not null
            ? DiarizeThereAsync(new RemoteDiarizer(server, options, diarizer, recordings.Known), recordings, file.Path, both.Token)
            : DiarizeAsync(diarizer, recordings, file.Path, both.Token);
        Task<RecognizerOutput> recognition = byChannel
            ? TranscribeChannelsAsync(engine, recordings, file.Path, input, diarization, both.Token)
            : whisper is null
            ? recognizer.TranscribeAsync((selected ?? file).Path, both.Token)
            : TranscribeAsync(whisper, (selected ?? file).Path, input, threads, diarization, both.Token);
        await BothAsync(recognition, diarization, both).ConfigureAwait(false);
        RecognizerOutput output = await recognition.ConfigureAwait(false);
        if (!diarize && (formats.Count == 0 || formats is [{ } only] && only == AttributionArguments.Same))
        {
            if (output.Bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            {
                Messages.Warn(input, "the recognizer ended without an error and wrote nothing");
            }

            target.Write(input, formats.Count > 0 ? formats[0] : AttributionArguments.Same, stream => stream.Write(output.Bytes));
            return;
        }

        Diarization? heard = (await diarization.ConfigureAwait(false))?.WithRecognizedNames();
        TranscriptDocument document = output.Read();
        AttributionArguments.Report(document);
        LocatedPack[] packs = [.. (detector?.Packs ?? whisper?.Packs ?? []).Concat(heard?.Packs ?? []).DistinctBy(pack => pack.Pack.Id)];
        AttributedTranscript attributed = heard is null ? SpeakerAttribution.Assign(document.Transcript, [], policy) : SpeakerAttribution.Assign(document.Transcript, heard, policy);
        NameArguments.Check(names, attributed.Speakers, input);
        attributed = attributed.WithNames(names) with { Packs = packs };
        IReadOnlyList<OutputFormat> settled = AttributionArguments.Settle(formats, document, path);
        AttributionArguments.Write(formats.Count > 0 ? target : OutputTarget.Create(path, [input], settled), input, document, attributed, settled, input);
    }

    /// <summary>The recognizer, given only what the detector takes for speech.</summary>
    private static SpeechSpanTranscriber CutAtSpeech(ITranscriber engine, SpeechDetector detector) =>
        new(engine, (path, cancellationToken) => detector.Detect(path, options: null, cancellationToken).Spans);

    /// <summary>Gives the recognizer each channel by itself once it is known who talks there.</summary>
    private static async Task<RecognizerOutput> TranscribeChannelsAsync(
        ITranscriber engine, RecordingOptions recordings, string path, string input, Task<Diarization?> diarization, CancellationToken cancellationToken)
    {
        Diarization heard = (await diarization.ConfigureAwait(false))!;
        return await ChannelRecognition.TranscribeAsync(engine, recordings.ChannelsOf(path, input), heard.Turns, input, options: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs Whisper beside the diarizer; once that has ended, Whisper gets all threads and the line that tells the progress.</summary>
    private static async Task<RecognizerOutput> TranscribeAsync(WhisperTranscriber whisper, string audio, string input, int threads, Task diarization, CancellationToken cancellationToken)
    {
        using var line = new ProgressLine(input);
        _ = diarization.ContinueWith(_ => whisper.Threads = threads, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await whisper.TranscribeAsync(audio, new AfterDiarization(line, diarization), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Diarization?> DiarizeAsync(Diarizer? diarizer, RecordingOptions recordings, string input, CancellationToken cancellationToken) =>
        diarizer is null ? null : await DiarizerArguments.DiarizeAsync(diarizer, recordings, input, cancellationToken).ConfigureAwait(false);

    private static async Task<Diarization?> DiarizeThereAsync(RemoteDiarizer remote, RecordingOptions recordings, string input, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(input);
        (Diarization diarization, _) = await Task.Run(() => remote.DiarizeAsync(recordings, input, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        DiarizerArguments.Warn(input, diarization);
        return diarization;
    }

    /// <summary>Waits for both; when one fails the other is stopped, and the failure that came first is the one that is told.</summary>
    private static async Task BothAsync(Task recognition, Task diarization, CancellationTokenSource both)
    {
        Task first = await Task.WhenAny(recognition, diarization).ConfigureAwait(false);
        if (first.IsFaulted)
        {
            await both.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(recognition, diarization).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }

        await Task.WhenAll(recognition, diarization).ConfigureAwait(false);
    }

    private sealed class AfterDiarization(IProgress<TranscriptionProgress> line, Task diarization) : IProgress<TranscriptionProgress>
    {
        public void Report(TranscriptionProgress value)
        {
            if (diarization.IsCompleted)
            {
                line.Report(value);
            }
        }
    }
}
