using System.Buffers.Binary;
using System.Numerics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The first and the third header of a Vorbis stream (Vorbis I specification, section 4.2), read as far as it takes to
/// know the length of every packet, and checked so that nothing in them makes the decoder take memory without bound.
/// </summary>
internal sealed class VorbisSetup
{
    // Encoders stay below a tenth of these.
    private const int MaxCodebookEntries = 1 << 20;
    private const int MaxCodebookValues = 1 << 21;
    private const long MaxTotalValues = 1 << 22;
    private const int MaxChannels = 8;

    private readonly bool[] _isLong;
    private readonly int _modeBits;

    /// <summary>Reads both headers.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or of a kind that no encoder writes.</exception>
    public VorbisSetup(ReadOnlySpan<byte> identification, ReadOnlySpan<byte> setup)
    {
        Require(identification.Length >= 30 && identification.StartsWith("\u0001vorbis"u8), "its first Vorbis header is cut");
        Require(setup.StartsWith("\u0005vorbis"u8), "its Vorbis setup header is missing");
        Require(BinaryPrimitives.ReadInt32LittleEndian(identification[7..]) == 0, "its Vorbis version is unknown");
        Channels = identification[11];
        SampleRate = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(identification[12..]));
        int shortBits = identification[28] & 15, longBits = identification[28] >> 4;
        Require(Channels is > 0 and <= MaxChannels, $"its Vorbis header states {Channels} channels, and 1 to {MaxChannels} are decoded");
        Require(SampleRate > 0 && shortBits >= 6 && shortBits <= longBits && longBits <= 13, "its first Vorbis header is damaged");
        (ShortBlock, LongBlock) = (1 << shortBits, 1 << longBits);

        var bits = new VorbisBits(setup[7..]);
        int books = ReadCodebooks(ref bits);
        for (int i = 0, times = (int)bits.Read(6) + 1; i < times; i++)
        {
            bits.Skip(16);
        }

        int floors = ReadFloors(ref bits, books), residues = ReadResidues(ref bits, books), mappings = ReadMappings(ref bits, floors, residues);
        _isLong = new bool[bits.Read(6) + 1];
        _modeBits = BitOperations.Log2((uint)_isLong.Length - 1) + (_isLong.Length > 1 ? 1 : 0);
        for (int i = 0; i < _isLong.Length; i++)
        {
            _isLong[i] = bits.ReadFlag();
            Require(bits.Read(32) == 0 && bits.Read(8) < mappings, Damaged);
        }

        Require(bits.ReadFlag() && !bits.IsPastEnd, Damaged);
    }

    /// <summary>Samples per frame.</summary>
    public int Channels { get; }

    /// <summary>Frames per second.</summary>
    public int SampleRate { get; }

    /// <summary>Samples in a short block.</summary>
    public int ShortBlock { get; }

    /// <summary>Samples in a long block.</summary>
    public int LongBlock { get; }

    private static string Damaged => "its Vorbis setup header is damaged";

    /// <summary>What the start of an audio packet says of its block.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="isLong">Whether the block is long.</param>
    /// <param name="isBeforeShort">Whether a long block is shaped to be followed by a short one.</param>
    /// <param name="isAfterShort">Whether a long block is shaped to follow a short one.</param>
    /// <returns>Whether it is an audio packet.</returns>
    public bool TryReadBlock(ReadOnlySpan<byte> packet, out bool isLong, out bool isAfterShort, out bool isBeforeShort)
    {
        (isLong, isAfterShort, isBeforeShort) = (false, false, false);
        var bits = new VorbisBits(packet);
        if (packet.IsEmpty || bits.ReadFlag())
        {
            return false;
        }

        uint mode = bits.Read(_modeBits);
        if (mode >= _isLong.Length)
        {
            return false;
        }

        isLong = _isLong[mode];
        if (isLong)
        {
            (isAfterShort, isBeforeShort) = (!bits.ReadFlag(), !bits.ReadFlag());
        }

        return !bits.IsPastEnd;
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException(problem);
        }
    }

    // ilog of the specification: the bits that it takes to write the number.
    private static int BitsOf(uint value) => value == 0 ? 0 : BitOperations.Log2(value) + 1;

    private static int ReadCodebooks(ref VorbisBits bits)
    {
        int books = (int)bits.Read(8) + 1;
        long total = 0;
        for (int book = 0; book < books; book++)
        {
            Require(bits.Read(24) == 0x56_4342, Damaged);
            int dimensions = (int)bits.Read(16), entries = (int)bits.Read(24);
            Require(entries is > 0 and <= MaxCodebookEntries && dimensions > 0 && (long)entries * dimensions <= MaxCodebookValues, Damaged);
            total += (long)entries * dimensions;
            Require(total <= MaxTotalValues, Damaged);
            ReadCodewordLengths(ref bits, entries);
            uint lookup = bits.Read(4);
            Require(lookup <= 2 && !bits.IsPastEnd, Damaged);
            if (lookup > 0)
            {
                bits.Skip(64);
                int valueBits = (int)bits.Read(4) + 1;
                bits.Skip(1 + ((lookup == 1 ? LatticeValues(entries, dimensions) : (long)entries * dimensions) * valueBits));
            }
        }

        return books;
    }

    private static void ReadCodewordLengths(ref VorbisBits bits, int entries)
    {
        if (bits.ReadFlag())
        {
            bits.Skip(5);
            for (int entry = 0; entry < entries;)
            {
                entry += (int)bits.Read(BitsOf((uint)(entries - entry)));
                Require(entry <= entries && !bits.IsPastEnd, Damaged);
            }

            return;
        }

        bool isSparse = bits.ReadFlag();
        for (int entry = 0; entry < entries; entry++)
        {
            if (!isSparse || bits.ReadFlag())
            {
                bits.Skip(5);
            }
        }
    }

    // lookup1_values of the specification: the largest number whose power of the dimensions is not above the entries.
    private static long LatticeValues(int entries, int dimensions)
    {
        int values = (int)Math.Floor(Math.Pow(entries, 1.0 / dimensions)) + 1;
        while (values > 1 && !IsWithin(values, dimensions, entries))
        {
            values--;
        }

        return values;

        static bool IsWithin(int value, int power, int limit)
        {
            long product = 1;
            for (int i = 0; i < power && product <= limit; i++)
            {
                product *= value;
            }

            return product <= limit;
        }
    }

    private static int ReadFloors(ref VorbisBits bits, int books)
    {
        int floors = (int)bits.Read(6) + 1;
        for (int floor = 0; floor < floors; floor++)
        {
            uint type = bits.Read(16);
            Require(type <= 1 && !bits.IsPastEnd, Damaged);
            if (type == 0)
            {
                uint order = bits.Read(8), rate = bits.Read(16), barkMap = bits.Read(16);
                bits.Skip(6 + 8);
                Require(order > 0 && rate > 0 && barkMap > 0, Damaged);
                for (int i = 0, count = (int)bits.Read(4) + 1; i < count; i++)
                {
                    Require(bits.Read(8) < books, Damaged);
                }
            }
            else
            {
                ReadFloor1(ref bits, books);
            }
        }

        return floors;
    }

    private static void ReadFloor1(ref VorbisBits bits, int books)
    {
        var classes = new int[bits.Read(5)];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = (int)bits.Read(4);
        }

        var dimensions = new int[classes.Length == 0 ? 0 : classes.Max() + 1];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = (int)bits.Read(3) + 1;
            int subclasses = (int)bits.Read(2);
            Require(subclasses == 0 || bits.Read(8) < books, Damaged);
            for (int k = 0; k < 1 << subclasses; k++)
            {
                Require((int)bits.Read(8) - 1 < books, Damaged);
            }
        }

        bits.Skip(2);
        int rangeBits = (int)bits.Read(4), values = classes.Sum(index => dimensions[index]);
        Require(values <= 65, Damaged);
        bits.Skip((long)values * rangeBits);
    }

    private static int ReadResidues(ref VorbisBits bits, int books)
    {
        int residues = (int)bits.Read(6) + 1;
        for (int residue = 0; residue < residues; residue++)
        {
            Require(bits.Read(16) <= 2 && !bits.IsPastEnd, Damaged);
            uint begin = bits.Read(24), end = bits.Read(24);
            bits.Skip(24);
            var cascade = new int[bits.Read(6) + 1];
            Require(begin <= end && bits.Read(8) < books, Damaged);
            for (int i = 0; i < cascade.Length; i++)
            {
                cascade[i] = (int)bits.Read(3);
                cascade[i] |= bits.ReadFlag() ? (int)bits.Read(5) << 3 : 0;
            }

            foreach (int passes in cascade)
            {
                for (int i = BitOperations.PopCount((uint)passes); i > 0; i--)
                {
                    Require(bits.Read(8) < books, Damaged);
                }
            }
        }

        return residues;
    }

    private int ReadMappings(ref VorbisBits bits, int floors, int residues)
    {
        int mappings = (int)bits.Read(6) + 1;
        int channelBits = BitsOf((uint)Channels - 1);
        for (int mapping = 0; mapping < mappings; mapping++)
        {
            Require(bits.Read(16) == 0 && !bits.IsPastEnd, Damaged);
            int submaps = bits.ReadFlag() ? (int)bits.Read(4) + 1 : 1;
            for (int i = bits.ReadFlag() ? (int)bits.Read(8) + 1 : 0; i > 0; i--)
            {
                uint magnitude = bits.Read(channelBits), angle = bits.Read(channelBits);
                Require(magnitude != angle && magnitude < Channels && angle < Channels, Damaged);
            }

            Require(bits.Read(2) == 0, Damaged);
            for (int i = 0; submaps > 1 && i < Channels; i++)
            {
                Require(bits.Read(4) < submaps, Damaged);
            }

            for (int i = 0; i < submaps; i++)
            {
                bits.Skip(8);
                Require(bits.Read(8) < floors && bits.Read(8) < residues, Damaged);
            }
        }

        return mappings;
    }
}
