using System.Numerics.Tensors;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>What was heard as the arrays of a session file: the same bits come back.</summary>
internal static class HeardArrays
{
    /// <summary>Which local speakers are active, 3 bits a frame, most significant bit first.</summary>
    public const string Activity = "activity.npy";

    /// <summary>Speakers in every output frame.</summary>
    public const string Counts = "counts.npy";

    /// <summary>Rows (kind, first frame or window, end frame or local speaker, voiced); kind 0 is a piece, 1 a fine piece, 2 a voice that no window hears alone.</summary>
    public const string Pieces = "pieces.npy";

    /// <summary>Seconds of one person alone in each row.</summary>
    public const string Seconds = "seconds.npy";

    /// <summary>A vector for each row: in 16 bits where that keeps every value as it is, else in 32.</summary>
    public const string Embeddings = "embeddings.npy";

    /// <summary>The arrays by name.</summary>
    public static Dictionary<string, byte[]> Write(HeardSpeech heard)
    {
        Segmentation.Activity activity = heard.Activity;
        ReadOnlySpan<byte> masks = activity.Range(0, activity.Windows);
        var bits = new byte[((masks.Length * activity.Speakers) + 7) / 8];
        int bit = 0;
        foreach (byte mask in masks)
        {
            for (int speaker = 0; speaker < activity.Speakers; speaker++, bit++)
            {
                bits[bit / 8] |= (byte)((mask >> speaker & 1) << (7 - (bit % 8)));
            }
        }

        List<(int Window, int Speaker, float[] Vector)> lone = Lone(heard);
        int rows = heard.Pieces.Count + heard.FinePieces.Count + lone.Count;
        int dimension = heard.Pieces.Dimension;
        var index = new int[rows * 4];
        var seconds = new double[rows];
        var vectors = new float[rows * dimension];
        int row = 0;
        foreach ((int kind, PieceVectors pieces) in ((int, PieceVectors)[])[(0, heard.Pieces), (1, heard.FinePieces)])
        {
            for (int piece = 0; piece < pieces.Count; piece++, row++)
            {
                Put(index, row, kind, pieces.Pieces[piece].Start, pieces.Pieces[piece].End, pieces.Voiced[piece]);
                seconds[row] = pieces.Seconds[piece];
                pieces[piece].CopyTo(vectors.AsSpan(row * dimension));
            }
        }

        foreach ((int window, int speaker, float[] vector) in lone)
        {
            Put(index, row, 2, window, speaker, voiced: true);
            vector.CopyTo(vectors, row++ * dimension);
        }

        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [HeardArrays.Activity] = NpyBytes.Write<byte>(bits, bits.Length),
            [Counts] = NpyBytes.Write<byte>(heard.Counts, heard.Counts.Length),
            [Pieces] = NpyBytes.Write<int>(index, rows, 4),
            [Seconds] = NpyBytes.Write<double>(seconds, rows),
            [Embeddings] = WriteVectors(vectors, rows, dimension),
        };
        if (heard.Known.Count > 0)
        {
            entries.Add(KnownVoicesJson.Entry, KnownVoicesJson.Write(heard.Known));
        }

        return entries;
    }

    /// <summary>What was heard.</summary>
    /// <param name="entries">The arrays by name.</param>
    /// <param name="stepSamples">Samples between windows.</param>
    /// <param name="windows">The number of windows.</param>
    /// <param name="duration">The length of the recording in seconds.</param>
    /// <exception cref="InvalidDataException">The arrays do not belong together.</exception>
    public static HeardSpeech Read(IReadOnlyDictionary<string, byte[]> entries, int stepSamples, int windows, double duration)
    {
        ReadOnlySpan<byte> bits = NpyBytes.Read<byte>(Entry(entries, Activity), Activity, out _);
        ReadOnlySpan<byte> counts = NpyBytes.Read<byte>(Entry(entries, Counts), Counts, out _);
        ReadOnlySpan<int> index = NpyBytes.Read<int>(Entry(entries, Pieces), Pieces, out int[] indexShape);
        ReadOnlySpan<double> seconds = NpyBytes.Read<double>(Entry(entries, Seconds), Seconds, out _);
        var vectors = new StoredVectors(Entry(entries, Embeddings));
        const int Frames = SlidingWindow.FramesPerWindow, Speakers = SlidingWindow.LocalSpeakers;
        Require(windows >= 0 && bits.Length == (((long)windows * Frames * Speakers) + 7) / 8, $"{Activity} is not of {windows} windows");
        Require(indexShape is [_, 4] && vectors.Rows == indexShape[0] && seconds.Length == vectors.Rows, "the arrays of pieces are not of one length");
        var grid = new SlidingWindow(stepSamples);
        Require(stepSamples > 0 && counts.Length <= grid.OutputFrames(windows) && counts.IndexOfAnyExceptInRange((byte)0, (byte)Speakers) < 0, $"{Counts} does not belong to {windows} windows");

        var activity = new Segmentation.Activity(windows);
        Span<byte> masks = activity.Range(0, windows);
        Unpack(bits, masks);

        var lone = new LoneVoices();
        var pieces = new List<int>[] { [], [] };
        for (int row = 0; row < seconds.Length; row++)
        {
            (int kind, int first, int last) = (index[row * 4], index[(row * 4) + 1], index[(row * 4) + 2]);
            if (kind == 2)
            {
                Require(first >= 0 && first < windows && last is >= 0 and < Speakers && lone[first, last] is null, $"{Pieces}: row {row} is not a voice of a window");
                float[] vector = new float[vectors.Dimension];
                vectors.CopyTo(row, 1, vector);
                lone.Add(first, last, vector);
                continue;
            }

            Require(kind is 0 or 1, $"{Pieces}: row {row} is of an unknown kind");
            int before = pieces[kind].Count == 0 ? 0 : index[(pieces[kind][^1] * 4) + 2];
            Require(first >= before && last > first && last <= counts.Length && double.IsFinite(seconds[row]), $"{Pieces}: row {row} is not a piece of the recording");
            pieces[kind].Add(row);
        }

        return new HeardSpeech
        {
            Grid = grid,
            Activity = activity,
            Counts = counts.ToArray(),
            Pieces = Vectors(pieces[0], index, seconds, vectors),
            FinePieces = Vectors(pieces[1], index, seconds, vectors),
            LoneVoices = lone,
            Duration = duration,
            Known = entries.TryGetValue(KnownVoicesJson.Entry, out byte[]? known) ? KnownVoicesJson.Read(known, pieces[0].Count, vectors.Dimension) : [],
        };
    }

    /// <summary>Three bits a frame, the lowest local speaker first; eight frames are three bytes.</summary>
    private static void Unpack(ReadOnlySpan<byte> bits, Span<byte> masks)
    {
        ReadOnlySpan<byte> reversed = [0, 4, 2, 6, 1, 5, 3, 7];
        int place = 0;
        for (int at = 0; place + 8 <= masks.Length; place += 8, at += 3)
        {
            int three = (bits[at] << 16) | (bits[at + 1] << 8) | bits[at + 2];
            for (int frame = 0; frame < 8; frame++)
            {
                masks[place + frame] = reversed[three >> (21 - (3 * frame)) & 7];
            }
        }

        for (int bit = place * 3; place < masks.Length; place++)
        {
            for (int speaker = 0; speaker < SlidingWindow.LocalSpeakers; speaker++, bit++)
            {
                masks[place] |= (byte)((bits[bit / 8] >> (7 - (bit % 8)) & 1) << speaker);
            }
        }
    }

    private static byte[] WriteVectors(float[] vectors, int rows, int dimension)
    {
        Half[] halves = Array.ConvertAll(vectors, value => (Half)value);
        for (int index = 0; index < vectors.Length; index++)
        {
            if (vectors[index] != (float)halves[index])
            {
                return NpyBytes.Write<float>(vectors, rows, dimension);
            }
        }

        return NpyBytes.Write<Half>(halves, rows, dimension);
    }

    private static PieceVectors Vectors(List<int> rows, ReadOnlySpan<int> index, ReadOnlySpan<double> seconds, StoredVectors vectors)
    {
        var pieces = new Piece[rows.Count];
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            pieces[piece] = new Piece(index[(rows[piece] * 4) + 1], index[(rows[piece] * 4) + 2]);
        }

        var result = new PieceVectors(pieces, vectors.Dimension);
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            result.Seconds[piece] = seconds[rows[piece]];
            result.Voiced[piece] = index[(rows[piece] * 4) + 3] != 0;
        }

        // Mostly all in one go: rows of one kind are written on end.
        for (int first = 0, end; first < pieces.Length; first = end)
        {
            end = first + 1;
            while (end < pieces.Length && rows[end] == rows[end - 1] + 1)
            {
                end++;
            }

            vectors.CopyTo(rows[first], end - first, result[first, end - first]);
        }

        return result;
    }

    private static List<(int Window, int Speaker, float[] Vector)> Lone(HeardSpeech heard)
    {
        var lone = new List<(int, int, float[])>();
        for (int window = 0; window < heard.Activity.Windows && lone.Count < heard.LoneVoices.Count; window++)
        {
            for (int speaker = 0; speaker < heard.Activity.Speakers; speaker++)
            {
                if (heard.LoneVoices[window, speaker] is { } vector)
                {
                    lone.Add((window, speaker, vector));
                }
            }
        }

        return lone;
    }

    private static void Put(int[] index, int row, int kind, int first, int last, bool voiced)
    {
        index[row * 4] = kind;
        index[(row * 4) + 1] = first;
        index[(row * 4) + 2] = last;
        index[(row * 4) + 3] = voiced ? 1 : 0;
    }

    /// <summary>The vectors of a file, in 16 or 32 bits; they are widened where they go, not in memory of their own.</summary>
    private readonly ref struct StoredVectors
    {
        private readonly ReadOnlySpan<Half> _halves;
        private readonly ReadOnlySpan<float> _floats;

        public StoredVectors(byte[] bytes)
        {
            int[] shape;
            if (bytes.AsSpan(0, Math.Min(bytes.Length, 128)).IndexOf("<f2"u8) >= 0)
            {
                _halves = NpyBytes.Read<Half>(bytes, Embeddings, out shape);
            }
            else
            {
                _floats = NpyBytes.Read<float>(bytes, Embeddings, out shape);
            }

            Require(shape is [_, > 0], $"{Embeddings} does not hold vectors");
            (Rows, Dimension) = (shape[0], shape[1]);
        }

        public int Rows { get; }

        public int Dimension { get; }

        public void CopyTo(int row, int count, Span<float> target)
        {
            if (_halves.IsEmpty)
            {
                _floats.Slice(row * Dimension, count * Dimension).CopyTo(target);
            }
            else
            {
                TensorPrimitives.ConvertToSingle(_halves.Slice(row * Dimension, count * Dimension), target);
            }
        }
    }

    private static byte[] Entry(IReadOnlyDictionary<string, byte[]> entries, string name) =>
        entries.TryGetValue(name, out byte[]? bytes) ? bytes : throw new InvalidDataException($"{name} is missing");

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InvalidDataException(problem);
        }
    }
}
