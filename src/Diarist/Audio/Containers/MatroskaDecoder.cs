using System.Globalization;
using Diarist.Audio.Codecs;

namespace Diarist.Audio.Containers;

/// <summary>
/// Decodes Opus, Vorbis and plain samples in Matroska and WebM. Sound is where its time stamps say, counted from the first
/// time stamp of all tracks; recordings that were put one behind the other follow each other.
/// </summary>
internal sealed class MatroskaDecoder : PacketAudioStream
{
    // Time stamps are rounded and recorders' clocks waver; smaller differences from what the packets hold are no gaps. ffmpeg's bound.
    private const double ToleratedSeconds = 0.1;

    // A clock that starts later than this is worth telling.
    private const double LateStart = 0.1e9;

    // Pictures and fonts may stand before the tracks, and other tracks may begin before the sound.
    private const long MaxBytesBeforeTracks = 16 << 20;
    private const long MaxBytesBeforeSound = 4 << 20;

    private readonly MatroskaReader _reader;
    private readonly List<Range> _packets = [];
    private AudioInfo? _info;
    private MatroskaTrack? _track;
    private int _segments;
    private double? _start;
    private long? _clock;
    private long _trimmed;
    private long _overlaps;
    private string _firstOverlap = "";

    private MatroskaDecoder(ByteSource source, MatroskaReader reader, double? start)
        : base(source) => (_reader, _start) = (reader, start);

    /// <inheritdoc/>
    public override AudioInfo Info => _info!;

    /// <summary>Looks for a track that is decoded here; on success the decoder owns <paramref name="source"/>, else it stands on its first byte.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="wanted">The audio track, from 1; <see langword="null"/> takes the default one.</param>
    /// <param name="whatItIs">The container and codec that are there instead; empty when it is no Matroska.</param>
    /// <exception cref="AudioFormatException">There is no such track, or its headers are damaged.</exception>
    public static MatroskaDecoder? TryOpen(ByteSource source, int? wanted, out string whatItIs)
    {
        whatItIs = "";
        if (!EbmlElement.TryRead(source.Peek(EbmlElement.MaxHeaderBytes), out EbmlElement first) || first.Id != MatroskaId.Ebml)
        {
            return null;
        }

        var reader = new MatroskaReader(source);
        if (!reader.TryReadTracks(MaxBytesBeforeTracks))
        {
            if (reader.IsCut)
            {
                throw source.Error("ends before its sound begins");
            }

            whatItIs = "it is damaged Matroska or WebM: no tracks are described before its sound";
            source.Rewind();
            return null;
        }

        AudioTrack[] tracks = [.. reader.Tracks!.Where(track => track.IsAudio).Select((track, index) => track.Describe(index + 1))];
        string container = reader.DocType == "webm" ? "WebM" : "Matroska";
        if (tracks.Length == 0)
        {
            throw source.Error($"holds no audio ({container})");
        }

        int number = TrackChoice.Choose(source.Name, tracks, wanted);
        double? start = FindStart(source, reader);
        source.Rewind();
        reader = new MatroskaReader(source);
        reader.TryReadTracks(MaxBytesBeforeTracks);
        var decoder = new MatroskaDecoder(source, reader, start);
        if (!decoder.BeginSegment(container, tracks, number))
        {
            whatItIs = $"it is {container} with {decoder._track!.CodecName}";
            source.Rewind();
            return null;
        }

        source.ReleaseStart();
        if (TrackChoice.Warning(tracks, number, wanted) is { } warning)
        {
            decoder.Warn(warning);
        }

        return decoder;
    }

    /// <inheritdoc/>
    protected override bool ReadPackets()
    {
        if (!_reader.TryReadBlock(_track!.Number, out MatroskaBlock block))
        {
            WarnAtEnd();
            return false;
        }

        if (_reader.Segments != _segments)
        {
            BeginNextSegment();
        }
        else if (block.Track == _track.Number)
        {
            AddBlock(block);
        }

        return true;
    }

    // The first time of all tracks; a single track is its own.
    private static double? FindStart(ByteSource source, MatroskaReader reader)
    {
        HashSet<ulong> waiting = [.. reader.Tracks!.Where(track => track.IsTimed).Select(track => track.Number)];
        if (waiting.Count < 2)
        {
            return null;
        }

        double? start = null;
        long limit = source.Position + MaxBytesBeforeSound;
        while (waiting.Count > 0 && source.Position < limit && reader.TryReadBlock(0, out MatroskaBlock block) && reader.Segments == 1)
        {
            if (waiting.Remove(block.Track))
            {
                start = Math.Min(start ?? double.MaxValue, block.Nanoseconds);
            }
        }

        return start;
    }

    private bool BeginSegment(string container, IReadOnlyList<AudioTrack> tracks, int number)
    {
        _track = _reader.Tracks!.Where(track => track.IsAudio).ElementAt(number - 1);
        _segments = _reader.Segments;
        try
        {
            if (!_track.TryCreateDecoder(out PacketDecoder decoder, out int skip))
            {
                return false;
            }

            Decoder = decoder;
            _info ??= new AudioInfo(Source.Name, $"{container}, {decoder.Name}", decoder.SampleRate, decoder.Channels, 32, null) { Tracks = tracks, Track = number };
            (Skip, Position, End, _clock, _trimmed) = (skip, 0, NoEnd, null, 0);
            return true;
        }
        catch (InvalidDataException error)
        {
            throw Source.Error($"cannot be decoded: {error.Message} (before byte {Source.Position})");
        }
    }

    private void BeginNextSegment()
    {
        _start = null;
        if (_reader.Tracks!.Count(track => track.IsAudio) < Info.Track || !BeginSegment("", [], Info.Track))
        {
            throw Source.Error($"goes on near byte {Source.Position} ({Time}) with a recording of other tracks; split it there");
        }

        if (Decoder.SampleRate != Info.SampleRate)
        {
            throw Source.Error($"changes near byte {Source.Position} ({Time}) from {Info.SampleRate} Hz to {Decoder.SampleRate} Hz; split it there");
        }
    }

    private void AddBlock(MatroskaBlock block)
    {
        if (block.Data.IsEmpty || !MatroskaLacing.TryRead(block.Lacing, block.Data.Span, 0, _packets))
        {
            CountDamage();
            return;
        }

        // What was cut off did not take time.
        (Position, _clock, _trimmed, End) = (Position - _trimmed, _clock - _trimmed, 0, NoEnd);
        int frames = 0;
        foreach (Range range in _packets)
        {
            ReadOnlySpan<byte> packet = block.Data.Span[range];
            frames += Decoder.Measure(packet);
            Enqueue(packet);
        }

        if (_clock is null && frames == 0)
        {
            // Of Vorbis the first packet only prepares the second, where the sound begins.
            return;
        }

        long clock = Place(block.Nanoseconds), begin = Math.Max(clock, Position);
        _clock = clock + frames;
        long discarded = Math.Clamp(Frames(block.DiscardNanoseconds), -frames, frames);
        if (discarded > 0)
        {
            End = begin + frames - discarded;
        }
        else
        {
            Skip -= discarded;
        }

        _trimmed = Math.Abs(discarded);
    }

    // Compares when a block is due with how far the sound has come.
    private long Place(double time)
    {
        double delay = _track!.DelayNanoseconds;
        if (_clock is not long clock)
        {
            if (_start is null && _segments == 1 && time - delay > LateStart)
            {
                Warn(string.Create(CultureInfo.InvariantCulture, $"its clock starts at {time / 1e9:0.000} s; times are counted from there"));
            }

            _start ??= time;
            Position = clock = Frames(-delay);
            long late = Frames(time - _start.Value - delay) - clock;
            if (late > 0)
            {
                FillTime(late, isLoss: false, isConcealed: false);
            }

            return clock + Math.Max(0, late);
        }

        long due = Frames(time - _start!.Value - delay), gap = due - clock;
        if (Math.Abs(gap) <= ToleratedSeconds * Info.SampleRate)
        {
            return clock;
        }

        if (gap > 0)
        {
            FillTime(Math.Max(0, due - Position), isLoss: true, isConcealed: false);
            return due;
        }

        if (_overlaps++ == 0)
        {
            _firstOverlap = Time;
        }

        Skip -= gap;
        Position += gap;
        return due;
    }

    private long Frames(double nanoseconds) => (long)Math.Round(Math.Clamp(nanoseconds, -1e18, 1e18) * Decoder.SampleRate / 1e9);

    private void WarnAtEnd()
    {
        if (_overlaps > 0)
        {
            Warn($"time stamps go back in {_overlaps} {(_overlaps == 1 ? "place" : "places")}, first at {_firstOverlap}; sound that overlaps was cut");
        }

        if (_reader.JunkBytes > 0)
        {
            Warn($"{_reader.JunkBytes} bytes from byte {_reader.FirstJunk} on are damaged and were skipped");
        }

        if (_reader.IsCut)
        {
            Warn($"the file is cut; {Time} are there and were used");
        }
    }
}
