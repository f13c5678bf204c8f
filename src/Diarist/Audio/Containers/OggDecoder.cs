using System.Globalization;
using Diarist.Audio.Codecs;

namespace Diarist.Audio.Containers;

/// <summary>
/// Decodes Opus (RFC 7845) and Vorbis in Ogg. The first such logical stream is read, and what is chained to it.
/// </summary>
internal sealed class OggDecoder : PacketAudioStream
{
    // Without a lost page, positions that differ by less than this from what the packets hold are rounding.
    private const double ToleratedSeconds = 0.02;

    private readonly OggPageReader _pages;
    private readonly OggPacketAssembler _assembler = new(MaxPacketBytes);
    private AudioInfo? _info;
    private OggStreamStart? _start;
    private uint _serial;
    private bool _hasEnded;
    private bool _isStarting;
    private long _measured;
    private long? _clock;
    private int _links;

    private OggDecoder(ByteSource source, OggPageReader pages)
        : base(source) => _pages = pages;

    /// <inheritdoc/>
    public override AudioInfo Info => _info!;

    /// <summary>Looks for Opus or Vorbis; on success the decoder owns <paramref name="source"/>, else it stands on its first byte.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="whatItIs">The codecs that are there instead.</param>
    /// <exception cref="AudioFormatException">The headers are damaged.</exception>
    public static OggDecoder? TryOpen(ByteSource source, out string whatItIs)
    {
        whatItIs = "";
        if (!source.Peek(4).SequenceEqual("OggS"u8))
        {
            return null;
        }

        bool hasVideo = HasVideo(source);
        source.Rewind();
        if (hasVideo)
        {
            whatItIs = "it is Ogg with video";
            return null;
        }

        var decoder = new OggDecoder(source, new OggPageReader(source));
        if (!decoder.Begin(ref whatItIs))
        {
            source.Rewind();
            return null;
        }

        source.ReleaseStart();
        while (decoder._info is null)
        {
            if (!decoder.ReadPackets())
            {
                throw source.Error("ends before its sound begins");
            }
        }

        return decoder;
    }

    /// <inheritdoc/>
    protected override bool ReadPackets()
    {
        if (!_pages.TryRead(out OggPage page, out ReadOnlySpan<byte> lacing, out ReadOnlySpan<byte> body))
        {
            if (_info is not null && _pages.JunkBytes > 0)
            {
                Warn($"{_pages.JunkBytes} bytes from byte {_pages.FirstJunk} on do not belong to a complete Ogg page and were skipped");
            }

            if (_info is not null && !_hasEnded)
            {
                Warn($"the file is cut: its last page is missing; {Time} are there and were used");
            }

            return false;
        }

        if (page.IsFirst)
        {
            BeginLink(page, body);
        }
        else if (_start is not null && page.Serial == _serial && !_hasEnded)
        {
            AddPage(page, lacing, body);
        }

        return true;
    }

    // Beside video, sound starts where the video's clock says.
    private static bool HasVideo(ByteSource source)
    {
        var pages = new OggPageReader(source);
        while (pages.TryRead(out OggPage page, out _, out ReadOnlySpan<byte> body) && page.IsFirst)
        {
            if (OggStreamStart.IsVideo(body))
            {
                return true;
            }
        }

        return false;
    }

    // The first pages begin all logical streams; the first of them that is understood is taken.
    private bool Begin(ref string whatItIs)
    {
        while (_pages.TryRead(out OggPage page, out ReadOnlySpan<byte> lacing, out ReadOnlySpan<byte> body) && page.IsFirst)
        {
            if (OggStreamStart.TryRead(body) is { } start)
            {
                (_start, _serial, _isStarting) = (start, page.Serial, true);
                _assembler.Begin(page);
                return true;
            }

            string codec = OggStreamStart.NameOf(body);
            whatItIs = whatItIs.Length == 0 ? $"it is Ogg with {codec}" : $"{whatItIs}, {codec}";
        }

        whatItIs = whatItIs.Length == 0 ? "it is damaged Ogg" : whatItIs;
        return false;
    }

    // A stream that begins beside the present one is another track; one that begins after sound was read is chained to it.
    private void BeginLink(OggPage page, ReadOnlySpan<byte> body)
    {
        bool isBeside = _isStarting || (_clock is null && !_hasEnded);
        if (OggStreamStart.TryRead(body) is not { } start || isBeside)
        {
            return;
        }

        (_start, _serial, _isStarting, _hasEnded, _clock, _measured) = (start, page.Serial, true, false, null, 0);
        _assembler.Begin(page);
    }

    private void AddPage(OggPage page, ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body)
    {
        bool isHole = _assembler.Add(page, lacing, body);
        if (isHole && !_isStarting)
        {
            Decoder.Interrupt();
        }

        long frames = 0;
        bool anyPacket = false;
        foreach (Range range in _assembler.Packets)
        {
            ReadOnlySpan<byte> packet = _assembler.Data[range];
            if (_isStarting)
            {
                TakeHeader(packet);
                continue;
            }

            anyPacket = true;
            frames += Decoder.Measure(packet);
            Enqueue(packet);
        }

        _assembler.Release();
        if (!_isStarting)
        {
            _measured += frames;
            if (page.Granule >= 0 && (anyPacket || page.IsLast))
            {
                Place(page, frames, isHole);
            }
        }

        _hasEnded = page.IsLast;
    }

    private void TakeHeader(ReadOnlySpan<byte> packet)
    {
        try
        {
            if (_start!.Take(packet) is not { } decoder)
            {
                return;
            }

            if (_info is not null && decoder.SampleRate != _info.SampleRate)
            {
                throw Source.Error($"changes near byte {Source.Position} ({Time}) from {_info.SampleRate} Hz to {decoder.SampleRate} Hz; split it there");
            }

            Decoder = decoder;
            _info ??= new AudioInfo(Source.Name, $"Ogg, {decoder.Name}", decoder.SampleRate, decoder.Channels, 32, null);
            (_isStarting, Skip, Position, End) = (false, _start.PreSkip, 0, NoEnd);
            _links++;
        }
        catch (InvalidDataException error)
        {
            throw Source.Error($"cannot be decoded: {error.Message} (before byte {Source.Position})");
        }
    }

    // Compares where a page ends by its own word with where it ends by its packets.
    private void Place(OggPage page, long frames, bool isHole)
    {
        if (_clock is not long clock)
        {
            // What the first page says beyond its packets was before the recording began; what it lacks was cut off.
            long origin = page.Granule - _measured;
            if (origin < 0 && !page.IsLast && Decoder is VorbisPacketDecoder)
            {
                Skip += -origin;
            }

            clock = Math.Max(0, origin) + _measured - frames;
            Position = clock;
        }

        long gap = page.Granule - frames - clock;
        if (gap > 0 && (isHole || gap > ToleratedSeconds * Info.SampleRate))
        {
            // Vorbis may have delivered a little more than the clock says.
            FillTime(Math.Max(0, clock + gap - Position), isLoss: true, isConcealed: true);
        }
        else if (gap != 0 && !page.IsLast)
        {
            Position += gap;
        }

        if (page.IsLast)
        {
            End = page.Granule;
        }

        _clock = page.Granule;
    }
}
