using System.Numerics.Tensors;
using NVorbis;
using NVorbis.Contracts;
using IPacketProvider = NVorbis.Contracts.IPacketProvider;

namespace Diarist.Audio.Codecs;

/// <summary>Decodes the packets of a Vorbis stream with NVorbis, one at a time.</summary>
internal sealed class VorbisPacketDecoder : PacketDecoder
{
    /// <summary>
    /// The channels that a stream may have. Of more, whose channels are coded each on its own, NVorbis 0.10 reads the bits of
    /// silent ones as well, which turns all of them into silence.
    /// </summary>
    public const int MostChannels = 2;

    // NVorbis is not given the comments of the file: they may be of any length and are not needed.
    private static readonly byte[] NoComments = [3, .. "vorbis"u8, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private readonly VorbisSetup _setup;
    private readonly byte[] _identification;
    private readonly byte[] _books;
    private PacketQueue _queue;
    private StreamDecoder _decoder;
    private Block _measured;
    private Block _decoded;
    private bool _isFresh;

    /// <summary>Takes the three headers; the second holds nothing that matters.</summary>
    /// <exception cref="InvalidDataException">The headers are damaged.</exception>
    public VorbisPacketDecoder(ReadOnlySpan<byte> identification, ReadOnlySpan<byte> setup)
    {
        _setup = new VorbisSetup(identification, setup);
        _identification = identification.ToArray();
        _books = setup.ToArray();
        (_queue, _decoder) = Start();
    }

    /// <inheritdoc/>
    public override int Channels => _setup.Channels;

    /// <inheritdoc/>
    public override int SampleRate => _setup.SampleRate;

    /// <inheritdoc/>
    public override int MaxFrames => _setup.LongBlock;

    /// <inheritdoc/>
    public override string Name => "Vorbis";

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> packet)
    {
        if (!_setup.TryReadBlock(packet, out bool isLong, out _, out _))
        {
            return 0;
        }

        var block = new Block(isLong ? _setup.LongBlock : _setup.ShortBlock, 0);
        int frames = _measured.Size == 0 ? 0 : (_measured.Size + block.Size) / 4;
        _measured = block;
        return frames;
    }

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<float> interleaved, out bool isDamaged)
    {
        isDamaged = !_setup.TryReadBlock(packet, out bool isLong, out _, out bool isBeforeShort);
        if (isDamaged)
        {
            return 0;
        }

        // NVorbis delivers up to where the next block will overlap, which for a long block before a short one is beyond its centre.
        var block = new Block(isLong ? _setup.LongBlock : _setup.ShortBlock, isBeforeShort ? (_setup.LongBlock - _setup.ShortBlock) / 4 : 0);
        int frames = (_decoded.Size == 0 ? 0 : ((_decoded.Size + block.Size) / 4) - _decoded.Ahead) + block.Ahead;
        Span<float> samples = interleaved[..(frames * Channels)];
        _queue.Add(packet);
        _decoded = block;
        if (_isFresh)
        {
            // The block has nothing to overlap with, so NVorbis delivers nothing of it.
            samples.Clear();
            _isFresh = false;
            return frames;
        }

        int read = 0;
        try
        {
            read = _decoder.Read(samples, 0, samples.Length);
            isDamaged = read != samples.Length || !(TensorPrimitives.MaxMagnitude(samples) <= float.MaxValue);
        }
        catch (Exception error) when (error is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or InvalidOperationException or DivideByZeroException)
        {
            // NVorbis does not check what it reads out of a damaged packet, so these are what damage looks like.
            isDamaged = true;
        }

        if (isDamaged)
        {
            samples.Clear();
            (_queue, _decoder) = Start();
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Interrupt()
    {
        _measured = _decoded = default;
        (_queue, _decoder) = Start();
    }

    private (PacketQueue Queue, StreamDecoder Decoder) Start()
    {
        _isFresh = true;
        var queue = new PacketQueue();
        queue.Add(_identification);
        queue.Add(NoComments);
        queue.Add(_books);
        try
        {
            return (queue, new StreamDecoder(queue) { ClipSamples = false });
        }
        catch (Exception error) when (error is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or InvalidOperationException or DivideByZeroException)
        {
            throw new InvalidDataException("its Vorbis setup header is damaged", error);
        }
    }

    // Samples of a block, and how far beyond its centre NVorbis has delivered.
    private readonly record struct Block(int Size, int Ahead);

    private sealed class PacketQueue : IPacketProvider
    {
        private readonly Queue<IPacket> _packets = new();

        public bool CanSeek => false;

        public int StreamSerial => 0;

        public void Add(ReadOnlySpan<byte> packet) => _packets.Enqueue(new Packet(packet.ToArray()));

        public IPacket? GetNextPacket() => _packets.TryDequeue(out IPacket? packet) ? packet : null;

        public IPacket? PeekNextPacket() => _packets.TryPeek(out IPacket? packet) ? packet : null;

        public long SeekTo(long granulePos, int preRoll, GetPacketGranuleCount getPacketGranuleCount) => throw new NotSupportedException();

        public long GetGranuleCount() => throw new NotSupportedException();
    }

    private sealed class Packet(byte[] bytes) : DataPacket
    {
        private int _next;

        protected override int TotalBits => 8 * bytes.Length;

        protected override int ReadNextByte() => _next < bytes.Length ? bytes[_next++] : -1;

        public override void Reset()
        {
            _next = 0;
            base.Reset();
        }
    }
}
