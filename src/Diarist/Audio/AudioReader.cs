using Diarist.Audio.Codecs;
using Diarist.Audio.Containers;
using Diarist.Audio.Ffmpeg;

namespace Diarist.Audio;

/// <summary>Opens recordings by what they contain, whatever they are called: WAV, FLAC, MP3, and Vorbis and Opus in Ogg and WebM are decoded here, anything else by ffmpeg when it is installed.</summary>
public static class AudioReader
{
    // These name another file in every process, so ffmpeg cannot be given them.
    private static readonly string[] Descriptors = ["/dev/std", "/dev/fd/", "/proc/"];

    private const int MinSampleRate = 1_000;
    private const int MaxSampleRate = 1_048_575;

    // Beyond this a tag in front of non-seekable FLAC is not looked through.
    private const int MaxTagBytes = 16 << 20;

    /// <summary>Opens a file. One that cannot be read twice (a pipe, a device) is read once, as a stream.</summary>
    /// <param name="path">The file; it may still be written to by another program.</param>
    /// <param name="options">What the recording does not say about itself.</param>
    /// <exception cref="InputException">There is no such file, it is a folder, or it may not be read.</exception>
    /// <exception cref="AudioFormatException">It is not audio that can be decoded.</exception>
    public static AudioStream Open(string path, AudioReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = OpenFile(path);
        return Open(new ByteSource(file, options?.Name ?? path), file.CanSeek && !NamesDescriptor(path) ? path : null, options);
    }

    /// <summary>
    /// Opens a stream that need not be seekable, from where it stands. What only ffmpeg decodes is copied to a private
    /// temporary file first, because containers may have to be read from their end.
    /// </summary>
    /// <param name="stream">The bytes of the recording.</param>
    /// <param name="name">What errors and warnings call it.</param>
    /// <param name="leaveOpen">Whether the stream stays open; otherwise it is owned from here on, also when opening fails.</param>
    /// <param name="options">What the recording does not say about itself.</param>
    /// <exception cref="AudioFormatException">It is not audio that can be decoded.</exception>
    public static AudioStream Open(Stream stream, string name = "stream", bool leaveOpen = false, AudioReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(new ByteSource(stream, name, leaveOpen), path: null, options);
    }

    /// <summary>Decodes a whole file to mono samples at 16 kHz, as <see cref="MonoStream"/> does.</summary>
    public static float[] ReadMono(string path)
    {
        using var mono = new MonoStream(Open(path));
        return mono.ReadToEnd();
    }

    private static bool NamesDescriptor(string path)
    {
        string full = Path.GetFullPath(path);
        string target = new FileInfo(full).LinkTarget ?? "";
        return ((string[])[full, target]).Any(name => Descriptors.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    private static FileStream OpenFile(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException(path.Replace("\0", "\\0", StringComparison.Ordinal), "is not a path: it holds a NUL character");
        }

        if (Directory.Exists(path))
        {
            throw new InputException(path, "is a folder, not a recording");
        }

        try
        {
            // A recorder may still be writing the file, or rename it when it is done.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException(path, $"cannot be opened: {error.Message}", error);
        }
    }

    private static AudioStream Open(ByteSource source, string? path, AudioReadOptions? options)
    {
        AudioStream? audio = null;
        try
        {
            audio = Detect(source, path, options ?? new AudioReadOptions());
            RequireTrack(audio, options?.Track);
            AudioInfo info = audio.Info;
            return info.SampleRate is >= MinSampleRate and <= MaxSampleRate
                ? options?.Channel is int channel ? new ChannelStream(audio, channel) : audio
                : throw source.Error($"has a sample rate of {info.SampleRate} Hz; rates from {MinSampleRate} to {MaxSampleRate} are understood");
        }
        catch
        {
            audio?.Dispose();
            source.Dispose();
            throw;
        }
    }

    // Formats that name no tracks hold one; the others have answered for their own.
    private static void RequireTrack(AudioStream audio, int? track)
    {
        if (track is int number && number != 1 && audio.Info.Tracks.Count == 0)
        {
            throw new AudioFormatException(audio.Info.Name, $"has no audio track {number}; it holds 1");
        }
    }

    private static AudioStream Detect(ByteSource source, string? path, AudioReadOptions options)
    {
        ReadOnlySpan<byte> head = source.Peek(12);
        if (head.IsEmpty)
        {
            throw source.Error("is empty (0 bytes)");
        }

        if (options.Raw is RawAudioFormat raw)
        {
            return WavDecoder.OpenRaw(source, raw.ToWav());
        }

        if (head.StartsWith("RIFX"u8))
        {
            // Some versions of ffmpeg take its samples for little-endian ones, which is noise.
            throw source.Error("is a WAV file with big-endian numbers (RIFX), which is not read; convert it with sox");
        }

        string? whatItIs = null;
        if (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8))
        {
            bool wave = head.Length < 12 || head[8..].SequenceEqual("WAVE"u8);
            if (wave && WavDecoder.Open(source, out whatItIs) is { } wav)
            {
                return wav;
            }

            source.Rewind();
        }
        else if (IsFlac(source))
        {
            return FlacDecoder.Open(source);
        }
        else if (OggDecoder.TryOpen(source, out string codecs) is { } ogg)
        {
            return ogg;
        }
        else if (codecs.Length > 0)
        {
            whatItIs = codecs;
        }
        else if (MatroskaDecoder.TryOpen(source, options.Track, out codecs) is { } matroska)
        {
            return matroska;
        }
        else if (codecs.Length > 0)
        {
            whatItIs = codecs;
        }
        else if (MpegDecoder.TryOpen(source) is { } mpeg)
        {
            return mpeg;
        }

        return OpenWithFfmpeg(source, path, whatItIs ?? ForeignFormat.Describe(source, path), options);
    }

    private static FfmpegDecoder OpenWithFfmpeg(ByteSource source, string? path, string whatItIs, AudioReadOptions options)
    {
        SpooledRecording? copy = path is null ? SpooledRecording.Create(source) : null;
        source.Dispose();
        return FfmpegDecoder.Open(new FfmpegInput(source.Name, path ?? copy!.Path, whatItIs, options.Track, copy));
    }

    // FLAC may follow an ID3v2 tag, which is not part of the format but common. Leaves the source on the marker.
    private static bool IsFlac(ByteSource source)
    {
        ReadOnlySpan<byte> head = source.Peek(10);
        if (head.Length == 10 && head.StartsWith("ID3"u8))
        {
            const byte FooterFlag = 0x10;
            int footer = (head[5] & FooterFlag) != 0 ? 10 : 0;
            int length = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + footer;
            if (length <= MaxTagBytes && source.Peek(length + 4).EndsWith("fLaC"u8))
            {
                source.Advance(length);
                return true;
            }

            return false;
        }

        return head.StartsWith("fLaC"u8);
    }
}
