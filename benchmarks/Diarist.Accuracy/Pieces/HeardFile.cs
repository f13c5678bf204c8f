using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>What the networks heard in a recording, on disk: grouping can be tried again and again without them.</summary>
internal static class HeardFile
{
    private const int Version = 1;

    public static void Write(string path, HeardSpeech heard)
    {
        using (var writer = new BinaryWriter(File.Create(path + ".part")))
        {
            writer.Write(Version);
            writer.Write(heard.Duration);
            writer.Write(heard.Grid.StepSamples);
            writer.Write(heard.Activity.Windows);
            writer.Write(heard.Activity.Range(0, heard.Activity.Windows));
            writer.Write(heard.Counts.Length);
            writer.Write(heard.Counts);
            Write(writer, heard.Pieces);
            Write(writer, heard.FinePieces);
            writer.Write(heard.LoneVoices.Count);
            for (int window = 0; window < heard.Activity.Windows; window++)
            {
                for (int speaker = 0; speaker < heard.Activity.Speakers; speaker++)
                {
                    if (heard.LoneVoices[window, speaker] is { } vector)
                    {
                        writer.Write(window);
                        writer.Write(speaker);
                        Write(writer, vector);
                    }
                }
            }
        }

        File.Move(path + ".part", path, overwrite: true);
    }

    public static HeardSpeech Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadInt32() != Version)
        {
            throw new InvalidDataException($"{path} is of another version; remove it.");
        }

        double duration = reader.ReadDouble();
        var grid = new SlidingWindow(reader.ReadInt32());
        var activity = new Activity(reader.ReadInt32());
        reader.BaseStream.ReadExactly(activity.Range(0, activity.Windows));
        byte[] counts = reader.ReadBytes(reader.ReadInt32());
        PieceVectors pieces = ReadPieces(reader);
        PieceVectors fine = ReadPieces(reader);
        var lone = new LoneVoices();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            int window = reader.ReadInt32(), speaker = reader.ReadInt32();
            float[] vector = new float[pieces.Dimension];
            Read(reader, vector);
            lone.Add(window, speaker, vector);
        }

        return new HeardSpeech { Grid = grid, Activity = activity, Counts = counts, Pieces = pieces, FinePieces = fine, LoneVoices = lone, Duration = duration };
    }

    private static void Write(BinaryWriter writer, PieceVectors vectors)
    {
        writer.Write(vectors.Count);
        writer.Write(vectors.Dimension);
        for (int piece = 0; piece < vectors.Count; piece++)
        {
            writer.Write(vectors.Pieces[piece].Start);
            writer.Write(vectors.Pieces[piece].End);
            writer.Write(vectors.Seconds[piece]);
            writer.Write(vectors.Voiced[piece]);
            Write(writer, vectors[piece]);
        }
    }

    private static PieceVectors ReadPieces(BinaryReader reader)
    {
        int count = reader.ReadInt32(), dimension = reader.ReadInt32();
        var vectors = new PieceVectors(new Piece[count], dimension);
        for (int piece = 0; piece < count; piece++)
        {
            vectors.Pieces[piece] = new Piece(reader.ReadInt32(), reader.ReadInt32());
            vectors.Seconds[piece] = reader.ReadDouble();
            vectors.Voiced[piece] = reader.ReadBoolean();
            Read(reader, vectors[piece]);
        }

        return vectors;
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<float> vector)
    {
        foreach (float value in vector)
        {
            writer.Write(value);
        }
    }

    private static void Read(BinaryReader reader, Span<float> vector)
    {
        foreach (ref float value in vector)
        {
            value = reader.ReadSingle();
        }
    }
}
