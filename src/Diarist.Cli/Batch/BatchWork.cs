using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Packs;
using Diarist.Processes;

namespace Diarist.Cli.Batch;

/// <summary>
/// The process that does the work of a batch: holds the networks, takes recordings as JSON lines from standard input, and answers with JSON lines.
/// It ends when its input does. A recording that crashes it takes nothing but it along: the batch starts another.
/// </summary>
internal sealed class BatchWork(BatchSettings settings, BatchFolder folder, Diarizer diarizer, IReadOnlyList<LocatedPack> packs, Stream answers)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DiarizerOptions, Diarizer> _variants = new();
    private readonly StepWork _steps = new(settings);
    private readonly Lock _lock = new();

    /// <summary>Serves requests to the end of the input.</summary>
    public void Run(TextReader requests, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Answer(new WorkAnswer { Kind = WorkAnswer.Ready });
        while (requests.ReadLine() is { } line)
        {
            WorkRequest request = JsonSerializer.Deserialize(line, BatchJson.Default.WorkRequest)!;
            string id = request.Recording.Id;
            switch (request.Kind)
            {
                case "cancel" when _running.TryGetValue(id, out CancellationTokenSource? running):
                    running.Cancel();
                    break;
                case "diarize":
                    var source = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
                    _running[id] = source;
                    new Thread(() => Diarize(request, source)) { IsBackground = true, Name = "recording" }.Start();
                    break;
                case "measure":
                    Measure(request.Recording);
                    break;
                case "calibrate":
                    new Thread(() => Calibrate(request, stop.Token)) { IsBackground = true, Name = "calibration" }.Start();
                    break;
            }
        }

        stop.Cancel();
    }

    private void Diarize(WorkRequest request, CancellationTokenSource source)
    {
        BatchRecording recording = request.Recording;
        long start = Stopwatch.GetTimestamp();
        WorkAnswer answer = Attempt(recording, request.Step, source.Token);
        _running.TryRemove(recording.Id, out _);
        source.Dispose();
        Answer(answer with { Id = recording.Id, Took = Stopwatch.GetElapsedTime(start).TotalSeconds });
    }

    private WorkAnswer Attempt(BatchRecording recording, WorkStep? step, CancellationToken cancellationToken)
    {
        static WorkAnswer Failed(int exitCode, string message) => new() { Kind = "failed", ExitCode = exitCode, Message = message.ReplaceLineEndings(" ") };
        try
        {
            return Process(recording, step, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return Failed(ExitCode.Cancelled, "cancelled");
        }
        catch (DiaristException error)
        {
            return Failed(ExitCode.Input, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(ExitCode.Input, $"{recording.Path}: {error.Message}");
        }
        catch (OutOfMemoryException)
        {
            return Failed(ExitCode.Killed, $"{recording.Path}: this machine has too little memory for it");
        }
#pragma warning disable CA1031 // A bug that one recording meets must not end the work on the others; it is recorded with its type and message.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failed(ExitCode.Internal, $"{recording.Path}: internal error, please report it: {error.GetType().Name}: {error.Message}");
        }
    }

    private WorkAnswer Process(BatchRecording recording, WorkStep? step, CancellationToken cancellationToken)
    {
        var file = new FileInfo(recording.Path);
        if (FileIdentity.IsSpecial(recording.Path))
        {
            throw new InputException(recording.Path, "is not a regular file, which a batch needs: it reads recordings more than once");
        }

        string content = ContentHash.Compute(recording.Path, cancellationToken);
        string key = BatchSettings.Key(content, settings.Describe(recording, packs));
        if (step is not null and not { Name: WorkStep.Join })
        {
            _steps.Run(For(recording), recording, step, new Reports(this, recording.Id), cancellationToken);
            return new WorkAnswer { Kind = "done", Key = key };
        }

        if (folder.ReadSidecar(recording.Id, verify: true) is { } present && present.Key == key)
        {
            BatchSidecar touched = present with { Modified = file.LastWriteTimeUtc.Ticks };
            folder.Refresh(touched);
            return new WorkAnswer { Kind = "done", Key = key, Sidecar = touched, Unchanged = true };
        }

        (Diarization diarization, AudioInfo source) = step is not null
            ? _steps.Join(For(recording), recording, step, cancellationToken)
            : settings.Recordings.Diarize(For(recording), [recording.Path], new Reports(this, recording.Id), cancellationToken);
        var after = new FileInfo(recording.Path);
        if ((after.Length, after.LastWriteTimeUtc) != (file.Length, file.LastWriteTimeUtc))
        {
            throw new InputException(recording.Path, "changed while it was read");
        }

        (string Path, byte[] Bytes)[] outputs = [.. settings.Render(recording, diarization, source).Select(result => (BatchFolder.OutputOf(recording.Id, result.Format), result.Bytes))];
        var sidecar = new BatchSidecar
        {
            Id = recording.Id,
            Key = key,
            Content = content,
            Bytes = file.Length,
            Modified = file.LastWriteTimeUtc.Ticks,
            Source = recording.Path,
            Language = recording.Language,
            Seconds = Math.Round(diarization.Duration, 3),
            Speakers = diarization.Speakers.Count,
            Speech = Math.Round(diarization.Speakers.Sum(speaker => speaker.Duration), 3),
            Warnings = diarization.Warnings,
            Outputs = [.. outputs.Select(output => new BatchOutput(output.Path, output.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(output.Bytes))))],
        };
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            folder.Commit(sidecar, outputs);
        }
        catch (InputException error) when (error.InnerException is { } cause && IsOfTheDisk(cause))
        {
            return new WorkAnswer { Kind = "fatal", Message = error.Message };
        }

        return new WorkAnswer { Kind = "done", Key = key, Sidecar = sidecar };
    }

    private void Measure(BatchRecording recording)
    {
        double? seconds = null;
        try
        {
            using AudioStream audio = settings.Recordings.Open(recording.Path);
            seconds = audio.Info.Duration;
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            // The work itself reports it.
        }

        Answer(new WorkAnswer { Kind = "measured", Id = recording.Id, Position = seconds ?? 0 });
    }

    private void Calibrate(WorkRequest request, CancellationToken cancellationToken)
    {
        WorkAnswer answer;
        try
        {
            float[] samples;
            using (var mono = new MonoStream(settings.Recordings.Open(request.Recording.Path)))
            {
                samples = new float[(int)(request.Seconds * MonoStream.SampleRate)];
                int length = 0;
                for (int read; length < samples.Length && (read = mono.Read(samples.AsSpan(length))) > 0;)
                {
                    length += read;
                }

                samples = samples[..length];
            }

            // The first run alone pays for compiling; it is not counted.
            Diarizer one = For(request.Recording);
            one.Diarize(samples.AsMemory(0, Math.Min(samples.Length, 10 * MonoStream.SampleRate)), cancellationToken: cancellationToken);
            long start = Stopwatch.GetTimestamp();
            Thread[] threads = [.. Enumerable.Range(0, request.Copies).Select(_ => new Thread(() => one.Diarize(samples)) { IsBackground = true })];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            double seconds = request.Copies * samples.Length / (double)MonoStream.SampleRate;
            answer = new WorkAnswer { Kind = "calibrated", Position = seconds / Stopwatch.GetElapsedTime(start).TotalSeconds };
        }
        catch (Exception error) when (error is DiaristException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            answer = new WorkAnswer { Kind = "calibrated", Message = error.Message };
        }

        Answer(answer);
    }

    private Diarizer For(BatchRecording recording) => _variants.GetOrAdd(
        settings.OptionsOf(recording),
        options => options == settings.Recordings.ForEach(settings.Options) ? diarizer : diarizer.WithSpeakers(options.Speakers, options.MinimumSpeakers, options.MaximumSpeakers));

    // A full or broken disk is no fault of the recording: the next one would fail in the same way.
    private static bool IsOfTheDisk(Exception cause) => cause is UnauthorizedAccessException || cause.HResult is 28 or 122 or 69 or 30 or 5 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    private void Answer(WorkAnswer answer)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(answer, BatchJson.Default.WorkAnswer), (byte)'\n'];
        try
        {
            lock (_lock)
            {
                answers.Write(line);
                answers.Flush();
            }
        }
        catch (IOException)
        {
            // Nobody listens any more; the input ends as well.
        }
    }

    /// <summary>Hands on how far a recording is, once a second.</summary>
    private sealed class Reports(BatchWork work, string id) : IProgress<DiarizationProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(DiarizationProgress value)
        {
            long last = Volatile.Read(ref _last);
            if (Stopwatch.GetElapsedTime(last) >= ProgressEvery && Interlocked.CompareExchange(ref _last, Stopwatch.GetTimestamp(), last) == last)
            {
                work.Answer(new WorkAnswer { Kind = "progress", Id = id, Position = value.Position });
            }
        }
    }
}
