using System.ComponentModel;
using Diarist.Processes;

namespace Diarist.Asr;

/// <summary>How a local program is called as a recognizer.</summary>
/// <param name="Program">The program: a path, or a name that the system finds.</param>
/// <param name="Arguments">
/// Its arguments. <c>{audio}</c> stands for the recording as it is, <c>{wav}</c> for it as a 16 kHz mono WAV, <c>{output}</c>
/// for a path without extension that the program may write to.
/// </param>
public sealed record ProcessTranscriberOptions(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Cuts a command line into program and arguments: white space separates, single and double quotes hold together.</summary>
    /// <exception cref="FormatException">It is empty, or a quote is not closed.</exception>
    public static ProcessTranscriberOptions Parse(string command)
    {
        IReadOnlyList<string> words = CommandLineText.Split(command);
        return words.Count > 0 && words[0].Length > 0
            ? new ProcessTranscriberOptions(words[0], [.. words.Skip(1)])
            : throw new FormatException("it names no program");
    }

    /// <summary>
    /// The extension of the file that the program writes beside <c>{output}</c>, such as <c>.json</c>; <see langword="null"/>
    /// (the default) when the transcript is what it prints.
    /// </summary>
    public string? OutputExtension { get; init; }

    /// <summary>How long the program may run. Default: one day.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The most bytes that its transcript may have; a program that gives more is stopped. Default 64 MiB.</summary>
    public int MaximumOutputBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Debian's <c>pocketsphinx_continuous</c> (0.8+5prealpha), which prints words with times. Its removal of noise is switched
    /// off: without it fewer words were wrong in both recordings that docs/accuracy.md reports.
    /// </summary>
    public static ProcessTranscriberOptions PocketSphinx { get; } = new(
        "pocketsphinx_continuous",
        ["-infile", "{wav}", "-time", "yes", "-remove_noise", "no", "-logfn", OperatingSystem.IsWindows() ? "NUL" : "/dev/null"]);

    /// <summary>whisper.cpp's <c>whisper-cli</c> with a GGML model, writing its full JSON.</summary>
    /// <param name="model">The path of the model.</param>
    public static ProcessTranscriberOptions WhisperCpp(string model) =>
        new("whisper-cli", ["-m", model, "-f", "{wav}", "-ojf", "-of", "{output}", "-np"]) { OutputExtension = ".json" };
}

/// <summary>A local program that prints, or writes, a transcript in a dialect that Diarist reads.</summary>
public sealed class ProcessTranscriber : ITranscriber
{
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(2);

    private readonly ProcessTranscriberOptions _options;

    /// <summary>Creates the recognizer; the program is started once for each recording.</summary>
    public ProcessTranscriber(ProcessTranscriberOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Program, nameof(options));
        _options = options;
    }

    /// <inheritdoc/>
    public async Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioPath);
        using var audio = await Task.Run(() => new RecognizerAudio(audioPath, cancellationToken), cancellationToken).ConfigureAwait(false);
        string output = audio.PathFor("transcript");
        using ExternalProgram program = Start(audioPath, audio.WavPath, output);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        byte[] printed;
        try
        {
            program.Input.Close();
            Task<byte[]> reading = BoundedReading.ReadAsync(program.Output, _options.MaximumOutputBytes, () => TooMuch(program), limit.Token);
            Task exit = program.WaitForExitAsync(limit.Token);
            if (await Task.WhenAny(reading, exit).ConfigureAwait(false) == reading)
            {
                await reading.ConfigureAwait(false);
            }

            await exit.ConfigureAwait(false);
            printed = await RestAsync(reading, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TranscriberException($"{_options.Program} still ran after {_options.Timeout.TotalSeconds:0.###} s and was stopped; give it more time");
        }

        if (program.ExitCode != 0)
        {
            throw new TranscriberException($"{_options.Program} failed with exit code {program.ExitCode}: {program.ErrorOutput.Last ?? "it gave no reason"}");
        }

        return new RecognizerOutput(_options.Program, _options.OutputExtension is { } extension ? ReadWritten(output + extension) : printed);
    }

    private ExternalProgram Start(string audio, string wav, string output)
    {
        string[] arguments =
        [
            .. _options.Arguments.Select(argument => argument
                .Replace("{audio}", audio, StringComparison.Ordinal)
                .Replace("{wav}", wav, StringComparison.Ordinal)
                .Replace("{output}", output, StringComparison.Ordinal)),
        ];
        try
        {
            return ExternalProgram.Start(_options.Program, arguments);
        }
        catch (Win32Exception error)
        {
            throw new TranscriberException($"{_options.Program} could not be started ({error.Message}); install it or give its path", error);
        }
    }

    // A process that left the program's group may hold the pipe open for good; what the program itself wrote is there by now.
    private async Task<byte[]> RestAsync(Task<byte[]> reading, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.WaitAsync(RestPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new TranscriberException($"{_options.Program} has ended, but something that it started keeps its output open; let it wait for what it starts", error);
        }
    }

    private TranscriberException TooMuch(ExternalProgram program)
    {
        program.Stop();
        return new TranscriberException($"{_options.Program} printed more than {_options.MaximumOutputBytes / (1 << 20)} MiB and was stopped; no transcript is that long");
    }

    private byte[] ReadWritten(string path)
    {
        try
        {
            return new FileInfo(path).Length <= _options.MaximumOutputBytes
                ? File.ReadAllBytes(path)
                : throw new TranscriberException($"{_options.Program} wrote more than {_options.MaximumOutputBytes / (1 << 20)} MiB; no transcript is that long");
        }
        catch (IOException error)
        {
            throw new TranscriberException($"{_options.Program} ended well but did not write {Path.GetFileName(path)}", error);
        }
    }
}
