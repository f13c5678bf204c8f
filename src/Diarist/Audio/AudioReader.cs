using System.Text;
using Diarist.Audio.Codecs;
using Diarist.Audio.Containers;

namespace Diarist.Audio;

/// <summary>Opens recordings by what they contain, whatever they are called: WAV and FLAC are decoded here, anything else by ffmpeg when it is installed.</summary>
public static class AudioReader
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    private const int MinSampleRate = 1_000;
    private const int MaxSampleRate = 1_048_575;

    // Beyond this a tag in front of non-seekable FLAC is not looked through.
    private const int MaxTagBytes = 16 << 20;

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="InputException">There is no such file, it is a folder, or it may not be read.</exception>
    /// <exception cref="AudioFormatException">It is not audio that can be decoded.</exception>
    public static AudioStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path == StandardInput
            ? Open(Console.OpenStandardInput(), "standard input")
            : Open(new ByteSource(OpenFile(path), path), path);
    }

    /// <summary>Opens a stream that need not be seekable. The stream is owned from here on, also when opening fails.</summary>
    /// <param name="stream">The bytes of the recording.</param>
    /// <param name="name">What errors and warnings call it.</param>
    /// <exception cref="AudioFormatException">It is not audio that can be decoded.</exception>
    public static AudioStream Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Open(new ByteSource(stream, name), path: null);
    }

    /// <summary>Decodes a whole file to mono samples at 16 kHz, as <see cref="MonoStream"/> does.</summary>
    public static float[] ReadMono(string path)
    {
        using var mono = new MonoStream(Open(path));
        return mono.ReadToEnd();
    }

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(path, "is a folder, not a recording");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be opened: {error.Message}", error);
        }
    }

    private static AudioStream Open(ByteSource source, string? path)
    {
        AudioStream? audio = null;
        try
        {
            audio = Detect(source, path);
            AudioInfo info = audio.Info;
            return info.SampleRate is >= MinSampleRate and <= MaxSampleRate
                ? audio
                : throw source.Error($"has a sample rate of {info.SampleRate} Hz; rates from {MinSampleRate} to {MaxSampleRate} are understood");
        }
        catch
        {
            audio?.Dispose();
            source.Dispose();
            throw;
        }
    }

    private static AudioStream Detect(ByteSource source, string? path)
    {
        ReadOnlySpan<byte> head = source.Peek(12);
        if (head.IsEmpty)
        {
            throw source.Error("is empty (0 bytes)");
        }

        string whatItIs = Describe(head);
        if (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8))
        {
            bool wave = head.Length < 12 || head[8..].SequenceEqual("WAVE"u8);
            if (wave && WavDecoder.Open(source) is { } wav)
            {
                return wav;
            }

            whatItIs = wave ? "a WAV file in another coding" : "a RIFF file of another kind";
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
        else if (MpegDecoder.TryOpen(source) is { } mpeg)
        {
            return mpeg;
        }

        if (path is null)
        {
            return FfmpegDecoder.OpenStream(source, whatItIs);
        }

        source.Dispose();
        return FfmpegDecoder.OpenFile(path, whatItIs);
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

    private static string Describe(ReadOnlySpan<byte> head) => head.ContainsAnyExceptInRange((byte)' ', (byte)'~')
        ? $"it begins with the bytes {Convert.ToHexString(head[..Math.Min(4, head.Length)])}"
        : $"it begins with the text '{Encoding.ASCII.GetString(head)}'";
}
