using Diarist.Segments;

namespace Diarist.Parts;

/// <summary>What the embedder hears in a range of a recording: a vector for each voice that begins there. These are voiceprints; they are not to be kept.</summary>
public sealed class HeardVoices
{
    private const string Magic = "diarist-voices/1";
    private const int MostVoices = 50_000_000;
    private const int LongestVector = 4096;

    internal HeardVoices(string networks, int firstBlock, int endBlock, int dimension, IReadOnlyList<(VoiceKey Key, int Rows, Half[] Vector)> voices) =>
        (Networks, FirstBlock, EndBlock, Dimension, Voices) = (networks, firstBlock, endBlock, dimension, voices);

    /// <summary>What heard it.</summary>
    internal string Networks { get; }

    /// <summary>The first block of the trunk.</summary>
    internal int FirstBlock { get; }

    /// <summary>The end of the blocks, exclusive.</summary>
    internal int EndBlock { get; }

    /// <summary>The length of a vector.</summary>
    internal int Dimension { get; }

    /// <summary>The voices in the precision that <see cref="HeardSpeech"/> keeps.</summary>
    internal IReadOnlyList<(VoiceKey Key, int Rows, Half[] Vector)> Voices { get; }

    /// <summary>Writes it as bytes, for another machine.</summary>
    public byte[] ToBytes() => PartBytes.Write(Magic, writer =>
    {
        writer.Write(Networks);
        writer.Write(FirstBlock);
        writer.Write(EndBlock);
        writer.Write(Dimension);
        writer.Write(Voices.Count);
        foreach ((VoiceKey key, int rows, Half[] vector) in Voices)
        {
            writer.Write((byte)key.Kind);
            writer.Write(key.Number);
            writer.Write(rows);
            foreach (Half value in vector)
            {
                writer.Write(value);
            }
        }
    });

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged, or of another kind or version.</exception>
    public static HeardVoices FromBytes(byte[] bytes) => PartBytes.Read(bytes, Magic, reader =>
    {
        string networks = reader.ReadString();
        int first = PartBytes.Count(reader, 0, int.MaxValue);
        int end = PartBytes.Count(reader, first, int.MaxValue);
        int dimension = PartBytes.Count(reader, 1, LongestVector);
        int count = PartBytes.Count(reader, 0, MostVoices);
        var voices = new List<(VoiceKey, int, Half[])>();
        for (int i = 0; i < count; i++)
        {
            var key = new VoiceKey((VoiceKind)reader.ReadByte(), PartBytes.Count(reader, 0, int.MaxValue));
            int rows = PartBytes.Count(reader, 1, int.MaxValue);
            var vector = new Half[dimension];
            for (int axis = 0; axis < vector.Length; axis++)
            {
                vector[axis] = reader.ReadHalf();
            }

            voices.Add((key, rows, vector));
        }

        return new HeardVoices(networks, first, end, dimension, voices);
    });
}
