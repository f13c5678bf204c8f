using Diarist.Audio;
using Diarist.Audio.Containers;

namespace Diarist.Tests.Audio;

/// <summary>Writes Matroska for tests, from the packets of a file that another program wrote.</summary>
internal sealed class MatroskaBytes
{
    private readonly byte[] _head;
    private readonly List<(long Milliseconds, byte[] Packet)> _packets = [];

    private MatroskaBytes(byte[] head) => _head = head;

    /// <summary>The packets with their times.</summary>
    public IReadOnlyList<(long Milliseconds, byte[] Packet)> Packets => _packets;

    /// <summary>Takes a file of one track apart.</summary>
    public static MatroskaBytes Read(byte[] file)
    {
        int segment = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x18, 0x53, 0x80, 0x67]), tracks = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x16, 0x54, 0xAE, 0x6B]);
        Assert.True(EbmlElement.TryRead(file.AsSpan(tracks), out EbmlElement element));
        var bytes = new MatroskaBytes([.. file.AsSpan(0, segment), .. Open(MatroskaId.Segment), .. file.AsSpan(tracks, element.HeaderBytes + (int)element.Size!.Value)]);
        using var source = new ByteSource(new MemoryStream(file), "test");
        var reader = new MatroskaReader(source);
        Assert.True(reader.TryReadTracks(file.Length));
        while (reader.TryReadBlock(reader.Tracks![0].Number, out MatroskaBlock block))
        {
            bytes._packets.Add(((long)(block.Nanoseconds / 1e6), block.Data.ToArray()));
        }

        return bytes;
    }

    /// <summary>Writes the packets into clusters of unknown size, with no duration and no index.</summary>
    /// <param name="lacing">How packets share blocks.</param>
    /// <param name="perBlock">How many packets share one.</param>
    /// <param name="time">The time of a block, from that of its first packet in milliseconds; negative leaves it out.</param>
    /// <param name="inGroups">Whether blocks stand in groups.</param>
    public byte[] Write(MatroskaLacing.Kind lacing, int perBlock, Func<long, long>? time = null, bool inGroups = false)
    {
        const int BlocksInCluster = 7;
        var output = new List<byte>(_head);
        int blocks = 0;
        long cluster = 0;
        foreach ((long Milliseconds, byte[] Packet)[] group in _packets.Chunk(perBlock))
        {
            long at = time?.Invoke(group[0].Milliseconds) ?? group[0].Milliseconds;
            if (at < 0)
            {
                continue;
            }

            if (blocks++ % BlocksInCluster == 0 || Math.Abs(at - cluster) > short.MaxValue)
            {
                cluster = at;
                output.AddRange([.. Open(MatroskaId.Cluster), .. Element(MatroskaId.Timestamp, Number(cluster))]);
            }

            byte[][] packets = [.. group.Select(part => part.Packet)];
            byte[] block = [0x81, (byte)((at - cluster) >> 8), (byte)(at - cluster), (byte)((int)lacing << 1), .. Lace(lacing, packets)];
            output.AddRange(inGroups ? Element(MatroskaId.BlockGroup, Element(MatroskaId.Block, block)) : Element(MatroskaId.SimpleBlock, block));
        }

        return [.. output];
    }

    /// <summary>An element with its size.</summary>
    public static byte[] Element(uint id, byte[] body) => [.. Id(id), 0x08, .. Number(body.Length)[4..], .. body];

    // An element of unknown size.
    private static byte[] Open(uint id) => [.. Id(id), 0x01, .. Enumerable.Repeat((byte)0xFF, 7)];

    private static byte[] Id(uint id) => [.. Number(id).SkipWhile(next => next == 0)];

    private static byte[] Number(long value) => [.. Enumerable.Range(0, 8).Select(i => (byte)(value >> (56 - (8 * i))))];

    private static byte[] Lace(MatroskaLacing.Kind lacing, byte[][] packets)
    {
        byte[] data = [.. packets.SelectMany(packet => packet)];
        byte count = (byte)(packets.Length - 1);
        IEnumerable<byte> lengths = lacing switch
        {
            MatroskaLacing.Kind.Xiph => packets[..^1].SelectMany(packet => Enumerable.Repeat(byte.MaxValue, packet.Length / 255).Append((byte)(packet.Length % 255))),
            MatroskaLacing.Kind.Ebml => packets[..^1].SelectMany((packet, i) => i == 0 ? TwoBytes(packet.Length) : TwoBytes(packet.Length - packets[i - 1].Length + 0x1FFF)),
            _ => [],
        };
        return lacing == MatroskaLacing.Kind.None ? data : [count, .. lengths, .. data];

        static byte[] TwoBytes(int value) => [(byte)(0x40 | value >> 8), (byte)value];
    }
}
