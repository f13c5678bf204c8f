using System.Globalization;
using System.Text;
using Diarist.Audio.Codecs;

namespace Diarist.Audio.Containers;

/// <summary>A track of a Matroska file as its TrackEntry describes it.</summary>
internal sealed class MatroskaTrack
{
    private const int VideoType = 1;
    private const int AudioType = 2;

    private byte[] _private = [];
    private double _rate = 8000;
    private int _channels = 1;
    private int _bits;
    private int _type;
    private bool _isEncoded;
    private bool _isDefault = true;
    private string? _language;
    private string? _title;
    private string? _bcp47;

    private MatroskaTrack()
    {
    }

    /// <summary>The number by which blocks name the track.</summary>
    public ulong Number { get; private set; }

    /// <summary>What the track is coded as: <c>A_OPUS</c>.</summary>
    public string Codec { get; private set; } = "";

    /// <summary>How much earlier its sound is heard than its time stamps say, in nanoseconds.</summary>
    public double DelayNanoseconds { get; private set; }

    /// <summary>Whether it is sound.</summary>
    public bool IsAudio => _type == AudioType;

    /// <summary>Whether it is sound or pictures, which start a file's clock.</summary>
    public bool IsTimed => _type is AudioType or VideoType;

    /// <summary>The codec for people: <c>AAC</c>.</summary>
    public string CodecName => _isEncoded ? $"compressed or encrypted {Short}" : Short;

    private string Short => Codec switch
    {
        _ when Codec.StartsWith("A_AAC", StringComparison.Ordinal) => "AAC",
        _ when Codec.StartsWith("A_PCM/", StringComparison.Ordinal) => $"PCM of {_bits} bits",
        "A_OPUS" => "Opus of another kind",
        "A_VORBIS" => string.Create(CultureInfo.InvariantCulture, $"Vorbis of {_channels} channels"),
        "A_MPEG/L3" => "MP3",
        "A_MPEG/L2" => "MP2",
        _ => Codec.StartsWith("A_", StringComparison.Ordinal) && Codec.Length > 2 ? Codec[2..] : "an unnamed codec",
    };

    /// <summary>Reads the body of a Tracks element.</summary>
    public static List<MatroskaTrack> ReadAll(ReadOnlySpan<byte> tracks)
    {
        var all = new List<MatroskaTrack>();
        while (EbmlElement.TryTake(ref tracks, out uint id, out ReadOnlySpan<byte> body))
        {
            if (id == MatroskaId.TrackEntry)
            {
                all.Add(Read(body));
            }
        }

        return all;
    }

    /// <summary>What is told of the track to those who choose one.</summary>
    /// <param name="number">Its number among the audio tracks, from 1.</param>
    public AudioTrack Describe(int number)
    {
        string coding = Codec.StartsWith("A_", StringComparison.Ordinal) ? Codec[2..].Split('/')[0].ToLowerInvariant() : Codec;
        return new AudioTrack(number, coding, _channels, _bcp47 ?? (_language is "und" ? null : _language), _title, _isDefault);
    }

    /// <summary>Makes the decoder of the track.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="skip">Frames at the start that are not part of the sound.</param>
    /// <returns>Whether the codec is one that is decoded here.</returns>
    /// <exception cref="InvalidDataException">It is, but its headers are damaged.</exception>
    public bool TryCreateDecoder(out PacketDecoder decoder, out int skip)
    {
        skip = 0;
        decoder = null!;
        if (_isEncoded)
        {
            return false;
        }

        switch (Codec)
        {
            case "A_OPUS":
                // Early writers left the header out.
                OpusHead head = _private.Length == 0 && _channels is 1 or 2
                    ? new OpusHead(_channels, 0, 1, 1, _channels - 1, _channels == 1 ? [0] : [0, 1])
                    : OpusHead.Read(_private);
                (decoder, skip) = (new OpusPacketDecoder(head), head.PreSkip);
                DelayNanoseconds = head.PreSkip * 1e9 / OpusPacketDecoder.Rate;
                return true;
            case "A_VORBIS" when _channels > VorbisPacketDecoder.MostChannels:
                return false;
            case "A_VORBIS":
                decoder = CreateVorbis();
                return true;
            default:
                return PcmPacketDecoder.TryCreate(Codec, _rate, _channels, _bits) is { } pcm && (decoder = pcm) is not null;
        }
    }

    private static MatroskaTrack Read(ReadOnlySpan<byte> entry)
    {
        var track = new MatroskaTrack();
        while (EbmlElement.TryTake(ref entry, out uint id, out ReadOnlySpan<byte> body))
        {
            track.Take(id, body);
        }

        return track;
    }

    private static string Text(ReadOnlySpan<byte> body)
    {
        const int MostBytes = 256;
        int end = body.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(body[..Math.Min(end < 0 ? body.Length : end, MostBytes)]);
        return string.Concat(text.Where(letter => !char.IsControl(letter)));
    }

    private void Take(uint id, ReadOnlySpan<byte> body)
    {
        switch (id)
        {
            case MatroskaId.TrackNumber: Number = EbmlElement.ReadUnsigned(body); break;
            case MatroskaId.TrackType: _type = (int)Math.Min(byte.MaxValue, EbmlElement.ReadUnsigned(body)); break;
            case MatroskaId.FlagDefault: _isDefault = EbmlElement.ReadUnsigned(body) != 0; break;
            case MatroskaId.Name: _title = Text(body); break;
            case MatroskaId.Language: _language = Text(body); break;
            case MatroskaId.LanguageBcp47: _bcp47 = Text(body); break;
            case MatroskaId.CodecId: Codec = Text(body); break;
            case MatroskaId.CodecPrivate: _private = body.ToArray(); break;
            case MatroskaId.CodecDelay: DelayNanoseconds = EbmlElement.ReadUnsigned(body); break;
            case MatroskaId.ContentEncodings: _isEncoded = true; break;
            case MatroskaId.Audio: TakeAudio(body); break;
            default: break;
        }
    }

    private void TakeAudio(ReadOnlySpan<byte> audio)
    {
        while (EbmlElement.TryTake(ref audio, out uint id, out ReadOnlySpan<byte> body))
        {
            switch (id)
            {
                case MatroskaId.SamplingFrequency: _rate = EbmlElement.ReadFloat(body); break;
                case MatroskaId.Channels: _channels = (int)Math.Min(byte.MaxValue, EbmlElement.ReadUnsigned(body)); break;
                case MatroskaId.BitDepth: _bits = (int)Math.Min(byte.MaxValue, EbmlElement.ReadUnsigned(body)); break;
                default: break;
            }
        }
    }

    // CodecPrivate holds the three headers with Xiph lacing.
    private VorbisPacketDecoder CreateVorbis()
    {
        var headers = new List<Range>();
        return _private.Length > 0 && _private[0] == 2 && MatroskaLacing.TryRead(MatroskaLacing.Kind.Xiph, _private, 0, headers)
            ? new VorbisPacketDecoder(_private.AsSpan(headers[0]), _private.AsSpan(headers[2]))
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its Vorbis headers ({_private.Length} bytes) are damaged"));
    }
}
