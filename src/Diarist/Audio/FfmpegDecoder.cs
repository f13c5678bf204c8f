using System.ComponentModel;
using Diarist.Processes;

namespace Diarist.Audio;

/// <summary>Decodes whatever an installed ffmpeg can, through a pipe, as 32-bit float WAV.</summary>
internal sealed class FfmpegDecoder : AudioStream
{
    private readonly ExternalProgram _process;
    private readonly WavDecoder _wav;
    private bool _ended;

    private FfmpegDecoder(ExternalProgram process, WavDecoder wav)
    {
        _process = process;
        _wav = wav;
        Info = wav.Info with { Format = "through ffmpeg", Frames = null };
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Decodes a file, in which ffmpeg may jump about.</summary>
    /// <param name="path">The file.</param>
    /// <param name="whatItIs">What it is instead of WAV or FLAC, for the error message.</param>
    /// <param name="executable">The program.</param>
    /// <exception cref="AudioFormatException">ffmpeg is not installed or refuses.</exception>
    public static FfmpegDecoder OpenFile(string path, string whatItIs, string executable = "ffmpeg")
    {
        // As a file: URL no path is taken for an option or for another protocol.
        return Open(path, whatItIs, executable, null, "-protocol_whitelist", "file", "-i", "file:" + Path.GetFullPath(path));
    }

    /// <summary>Decodes a stream that stands on its first byte; it is read on another thread and closed with the decoder.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="whatItIs">What it is instead of WAV or FLAC, for the error message.</param>
    /// <param name="executable">The program.</param>
    /// <exception cref="AudioFormatException">ffmpeg is not installed or refuses.</exception>
    public static FfmpegDecoder OpenStream(ByteSource source, string whatItIs, string executable = "ffmpeg") =>
        Open(source.Name, whatItIs, executable, source, "-protocol_whitelist", "pipe", "-i", "pipe:0");

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int frames = _wav.Read(interleaved);
        if (frames == 0 && !_ended)
        {
            _ended = true;
            _process.WaitForExit();
            if (_process.ExitCode != 0)
            {
                throw new AudioFormatException(Info.Name, $"ffmpeg gave up: {Complaint(_process.Complaints)}");
            }

            if (_process.Complaints.Count > 0)
            {
                Warn($"ffmpeg reports: {Complaint(_process.Complaints)}");
            }
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _process.Dispose();
        _wav.Dispose();
    }

    private static FfmpegDecoder Open(string name, string whatItIs, string executable, ByteSource? input, params ReadOnlySpan<string> inputArguments)
    {
        ExternalProgram process = Start(name, whatItIs, executable, inputArguments);
        try
        {
            new Thread(() => Feed(process, input)) { IsBackground = true, Name = "ffmpeg input" }.Start();
            var output = new ByteSource(process.Output, name);
            if (output.Peek(1).IsEmpty)
            {
                process.WaitForExit();
                throw new AudioFormatException(name, $"is neither WAV nor FLAC ({whatItIs}), and ffmpeg cannot read it: {Complaint(process.Complaints)}");
            }

            return new FfmpegDecoder(process, WavDecoder.Open(output) ?? throw new AudioFormatException(name, "ffmpeg answered in an unknown format"));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static ExternalProgram Start(string name, string whatItIs, string executable, ReadOnlySpan<string> inputArguments)
    {
        try
        {
            return ExternalProgram.Start(executable, ["-hide_banner", "-v", "error", .. inputArguments, "-map", "0:a:0", "-f", "wav", "-c:a", "pcm_f32le", "pipe:1"]);
        }
        catch (Win32Exception error)
        {
            throw new AudioFormatException(name, $"is neither WAV nor FLAC ({whatItIs}); install ffmpeg, which decodes other formats, or convert it", error);
        }
    }

    private static void Feed(ExternalProgram process, ByteSource? input)
    {
        try
        {
            using Stream pipe = process.Input;
            input?.CopyRemainingTo(pipe);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // ffmpeg has all it wants or is gone; its exit code says which.
        }
        finally
        {
            input?.Dispose();
        }
    }

    private static string Complaint(ProgramComplaints complaints) => complaints.Count switch
    {
        0 => "it does not say why",
        1 => complaints.First!,
        _ => $"{complaints.First} (and {complaints.Count - 1} more)",
    };
}
