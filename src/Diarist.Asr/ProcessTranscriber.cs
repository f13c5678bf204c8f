using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Diarist.Asr;

/// <summary>How a local program is called as a recogniser.</summary>
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
    private const int LongestComplaint = 300;

    private readonly ProcessTranscriberOptions _options;

    /// <summary>Creates the recogniser; the program is started once for each recording.</summary>
    public ProcessTranscriber(ProcessTranscriberOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Program, nameof(options));
        _options = options;
    }

    /// <inheritdoc/>
    public async Task<RecogniserOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioPath);
        using var audio = await Task.Run(() => new RecogniserAudio(audioPath, cancellationToken), cancellationToken).ConfigureAwait(false);
        string output = audio.PathFor("transcript");
        using Process process = Start(audioPath, audio.WavPath, output);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        byte[] printed;
        string complaint;
        try
        {
            process.StandardInput.Close();
            Task<byte[]> reading = ReadAllAsync(process.StandardOutput.BaseStream, limit.Token);
            Task<string> complaining = ReadTailAsync(process.StandardError, limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            (printed, complaint) = (await reading.ConfigureAwait(false), await complaining.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TranscriberException($"{_options.Program} still ran after {_options.Timeout.TotalSeconds:0.###} s and was stopped; give it more time");
        }
        finally
        {
            Stop(process);
        }

        if (process.ExitCode != 0)
        {
            throw new TranscriberException($"{_options.Program} failed with exit code {process.ExitCode}: {complaint}");
        }

        return new RecogniserOutput(_options.Program, _options.OutputExtension is { } extension ? ReadWritten(output + extension) : printed);
    }

    private Process Start(string audio, string wav, string output)
    {
        var start = new ProcessStartInfo(_options.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in _options.Arguments)
        {
            start.ArgumentList.Add(argument
                .Replace("{audio}", audio, StringComparison.Ordinal)
                .Replace("{wav}", wav, StringComparison.Ordinal)
                .Replace("{output}", output, StringComparison.Ordinal));
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new TranscriberException($"{_options.Program} could not be started ({error.Message}); install it or give its path", error);
        }
    }

    private byte[] ReadWritten(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (IOException error)
        {
            throw new TranscriberException($"{_options.Program} ended well but did not write {Path.GetFileName(path)}", error);
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    /// <summary>The last line that says something, which is where programs put their reason.</summary>
    private static async Task<string> ReadTailAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        string last = "it gave no reason";
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            last = string.IsNullOrWhiteSpace(line) ? last : line.Trim();
        }

        return last.Length <= LongestComplaint ? last : last[..LongestComplaint] + "…";
    }

    private static void Stop(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(2000);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
    }
}
