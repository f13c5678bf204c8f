using System.Globalization;

namespace Diarist.Audio.Codecs;

/// <summary>
/// A recording of packets with positions in time, whatever container they come in. Packets wait here until they are
/// decoded; gaps between them are filled, and the sound is cut where the container says that it begins and ends.
/// </summary>
internal abstract class PacketAudioStream : BlockAudioStream
{
    /// <summary>The longest packet that is kept; no encoder writes one of a tenth of it.</summary>
    public const int MaxPacketBytes = 1 << 20;

    /// <summary>An end beyond every position; differences from it do not overflow.</summary>
    protected const long NoEnd = long.MaxValue / 2;

    // Time stamps may say anything; more silence than this is not believed.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromHours(24);

    private readonly Queue<(int Start, int Length)> _packets = new();
    private PacketDecoder? _decoder;
    private byte[] _data = [];
    private int _dataLength;
    private float[] _decoded = [];
    private float[] _matched = [];
    private long _gap;
    private bool _isConcealed;
    private long _silence;
    private long _gaps;
    private string _firstGap = "";
    private long _damaged;
    private string _firstDamaged = "";

    /// <summary>Wraps the bytes of a recording, which it owns.</summary>
    protected PacketAudioStream(ByteSource source)
        : base(source)
    {
    }

    /// <summary>The position of the next frame that comes out of the decoder, by the container's clock in frames.</summary>
    protected long Position { get; set; }

    /// <summary>The position where the sound ends.</summary>
    protected long End { get; set; } = NoEnd;

    /// <summary>Frames still to be dropped.</summary>
    protected long Skip { get; set; }

    /// <summary>What decodes; everything before it belongs to another stream.</summary>
    protected PacketDecoder Decoder
    {
        get => _decoder!;
        set
        {
            _decoder = value;
            _decoded = new float[value.MaxFrames * value.Channels];
        }
    }

    /// <inheritdoc/>
    protected sealed override bool DecodeBlock()
    {
        if (_gap > 0)
        {
            FillGap();
            return true;
        }

        if (_packets.TryDequeue(out (int Start, int Length) packet))
        {
            int frames = Decoder.Decode(_data.AsSpan(packet.Start, packet.Length), _decoded, out bool isDamaged);
            if (isDamaged)
            {
                CountDamage();
            }

            Emit(frames);
            return true;
        }

        _dataLength = 0;
        if (ReadPackets())
        {
            return true;
        }

        WarnOfLosses();
        return false;
    }

    /// <summary>Reads on until packets wait, or the stream changes, or the recording ends.</summary>
    /// <returns>Whether it goes on.</returns>
    protected abstract bool ReadPackets();

    /// <summary>Lets a packet wait; its bytes are copied.</summary>
    protected void Enqueue(ReadOnlySpan<byte> packet)
    {
        int needed = _dataLength + packet.Length;
        if (needed > _data.Length)
        {
            Array.Resize(ref _data, Math.Max(needed, 2 * _data.Length));
        }

        packet.CopyTo(_data.AsSpan(_dataLength));
        _packets.Enqueue((_dataLength, packet.Length));
        _dataLength = needed;
    }

    /// <summary>Notes for the warning at the end that a packet could not be decoded.</summary>
    protected void CountDamage()
    {
        if (_damaged++ == 0)
        {
            _firstDamaged = Time;
        }
    }

    /// <summary>Fills time, before the packets that wait.</summary>
    /// <param name="frames">Frames of silence.</param>
    /// <param name="isLoss">Whether sound was there and is lost, which is warned of; else the recording was silent by intent.</param>
    /// <param name="isConcealed">Whether the decoder may make up the first ones; else all are silence, and what is to be skipped comes after them.</param>
    protected void FillTime(long frames, bool isLoss, bool isConcealed)
    {
        _silence += frames;
        if (_silence > MaxSilence.TotalSeconds * Info.SampleRate)
        {
            throw Source.Error($"the time stamps jump by {Seconds(frames)} near byte {Source.Position} ({Time}); they are damaged, convert the recording");
        }

        (_gap, _isConcealed) = (frames, isConcealed);
        if (isLoss && _gaps++ == 0)
        {
            _firstGap = Time;
        }
    }

    /// <summary>The most frames that are missing and filled, for the warning.</summary>
    private void WarnOfLosses()
    {
        if (_gaps > 0)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"sound is missing in {_gaps} {(_gaps == 1 ? "place" : "places")}, first at {_firstGap}; {Seconds(_silence)} of silence keep the times right"));
        }

        if (_damaged > 0)
        {
            Warn($"{_damaged} damaged {(_damaged == 1 ? "packet" : "packets")} from {_firstDamaged} on are silent");
        }
    }

    private void FillGap()
    {
        int room = (int)Math.Min(_gap, Decoder.MaxFrames), frames = _isConcealed ? Decoder.Conceal(_decoded.AsSpan(0, room * Decoder.Channels)) : 0;
        if (frames > 0 && _gap > 0)
        {
            _gap -= frames;
            Emit(frames);
            return;
        }

        long silent = Math.Max(0, Math.Min(_gap, End - Position)), dropped = _isConcealed ? Math.Min(Skip, silent) : 0;
        Skip -= dropped;
        Position += _gap;
        _gap = 0;
        DeliverSilence(silent - dropped);
    }

    private void Emit(int frames)
    {
        int last = (int)Math.Clamp(End - Position, 0, frames), first = (int)Math.Min(Skip, last);
        Skip -= Math.Min(Skip, frames);
        Position += frames;
        if (last > first)
        {
            Deliver(MatchChannels(frames), first, last - first);
        }
    }

    // A stream chained to another one may have other channels: then all get the average.
    private float[] MatchChannels(int frames)
    {
        int channels = Decoder.Channels, wanted = Info.Channels;
        if (channels == wanted)
        {
            return _decoded;
        }

        _matched = _matched.Length < frames * wanted ? new float[Decoder.MaxFrames * wanted] : _matched;
        for (int i = 0; i < frames; i++)
        {
            float sum = 0;
            foreach (float sample in _decoded.AsSpan(i * channels, channels))
            {
                sum += sample;
            }

            _matched.AsSpan(i * wanted, wanted).Fill(sum / channels);
        }

        return _matched;
    }
}
