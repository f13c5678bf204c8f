using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;

namespace Diarist.Segments;

/// <summary>Whose vector something is.</summary>
internal enum VoiceKind
{
    /// <summary>A piece for the grouping.</summary>
    Piece,

    /// <summary>A fine piece.</summary>
    FinePiece,

    /// <summary>A local speaker whom its window never hears alone; the number is window · 8 + speaker.</summary>
    Lone,
}

/// <summary>Something that is to get a vector.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">Its number among its kind.</param>
internal readonly record struct VoiceKey(VoiceKind Kind, int Number)
{
    // Written out: the one that is made compares by classes of the runtime that are compiled at each start.
    public bool Equals(VoiceKey other) => Kind == other.Kind && Number == other.Number;

    public override int GetHashCode() => ((int)Kind << 28) ^ Number;
}

/// <summary>The rows of a block that belong to a voice.</summary>
/// <param name="Key">Whose they are.</param>
/// <param name="Rows">Rows of the block, rising; may be empty when the voice goes on in a neighbouring block.</param>
/// <param name="Crosses">Whether the voice has a part in a neighbouring block.</param>
internal sealed record VoiceRows(VoiceKey Key, List<int> Rows, bool Crosses);

/// <summary>A voice's vector.</summary>
/// <param name="Vector">Of length 1.</param>
/// <param name="Rows">The number of trunk frames it was made of.</param>
internal readonly record struct Voice(float[] Vector, int Rows);

/// <summary>
/// Makes vectors of the trunk's frames block by block: what lies within a block at once, what crosses into the next when its
/// second part arrives. Blocks may come in any order and from several threads; the results do not depend on it.
/// </summary>
internal sealed unsafe class VoiceCollector(WeSpeakerResNet34 embedder)
{
    private const int StatisticsLength = 2 * ResNet34Trunk.OutputHeight * ResNet34Trunk.Channels;
    private const int BatchRows = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<VoiceKey, (int Block, float[] Rows)> _parts = [];
    private readonly Dictionary<VoiceKey, Voice> _voices = [];

    /// <summary>Takes a voice's vector out; <see langword="null"/> when no row belongs to it.</summary>
    public Voice? Take(VoiceKey key) => _voices.Remove(key, out Voice voice) ? voice : null;

    /// <summary>Takes the rows of a block.</summary>
    /// <param name="block">The block's number.</param>
    /// <param name="map">Its rows, shape (10, rows, 256).</param>
    /// <param name="voices">Which belong to whom.</param>
    public void Add(int block, FeatureMap map, IReadOnlyList<VoiceRows> voices)
    {
        var whole = voices.Where(voice => !voice.Crosses && voice.Rows.Count > 0).ToList();
        for (int first = 0; first < whole.Count; first += BatchRows)
        {
            Embed(map, whole.GetRange(first, Math.Min(BatchRows, whole.Count - first)));
        }

        foreach (VoiceRows voice in voices.Where(voice => voice.Crosses))
        {
            AddPart(block, voice.Key, Copy(map, voice.Rows));
        }
    }

    /// <summary>Makes vectors of the parts whose other part never came because the recording ends there.</summary>
    public void Finish()
    {
        if (_parts.Count == 0)
        {
            return;
        }

        foreach ((VoiceKey key, (_, float[] rows)) in _parts.OrderBy(part => part.Key.Kind).ThenBy(part => part.Key.Number).ToList())
        {
            EmbedRows(key, rows);
        }

        _parts.Clear();
    }

    private static int RowLength => ResNet34Trunk.OutputHeight * ResNet34Trunk.Channels;

    private static float[] Copy(FeatureMap map, List<int> rows)
    {
        float[] copy = new float[rows.Count * RowLength];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int y = 0; y < map.Height; y++)
            {
                new ReadOnlySpan<float>(map.At(y, rows[i]), map.Channels).CopyTo(copy.AsSpan((i * RowLength) + (y * map.Channels)));
            }
        }

        return copy;
    }

    private void AddPart(int block, VoiceKey key, float[] rows)
    {
        lock (_lock)
        {
            if (!_parts.Remove(key, out (int Block, float[] Rows) other))
            {
                _parts.Add(key, (block, rows));
                return;
            }

            rows = other.Block < block ? [.. other.Rows, .. rows] : [.. rows, .. other.Rows];
        }

        EmbedRows(key, rows);
    }

    private void EmbedRows(VoiceKey key, float[] rows)
    {
        int count = rows.Length / RowLength;
        if (count == 0)
        {
            return;
        }

        using var map = new FeatureMap(ResNet34Trunk.OutputHeight, count, ResNet34Trunk.Channels);
        for (int i = 0; i < count; i++)
        {
            for (int y = 0; y < map.Height; y++)
            {
                rows.AsSpan((i * RowLength) + (y * map.Channels), map.Channels).CopyTo(new Span<float>(map.At(y, i), map.Channels));
            }
        }

        Embed(map, [new VoiceRows(key, [.. Enumerable.Range(0, count)], Crosses: false)]);
    }

    private void Embed(FeatureMap map, List<VoiceRows> voices)
    {
        using AlignedBuffer statistics = AlignedBuffer.Rent(voices.Count * StatisticsLength);
        for (int i = 0; i < voices.Count; i++)
        {
            StatisticsPooling.Pool(map, [.. voices[i].Rows], statistics.Pointer + (i * StatisticsLength));
        }

        float[] embeddings = new float[voices.Count * embedder.Dimension];
        embedder.Project(statistics.Pointer, voices.Count, embeddings);
        var unit = new double[embedder.Dimension];
        for (int i = 0; i < voices.Count; i++)
        {
            float[] vector = embeddings[(i * unit.Length)..((i + 1) * unit.Length)];
            Numerics.VectorMath.Widen(vector, unit);
            Numerics.VectorMath.ScaleToNorm(unit, 1);
            for (int axis = 0; axis < unit.Length; axis++)
            {
                vector[axis] = (float)unit[axis];
            }

            lock (_lock)
            {
                _voices.Add(voices[i].Key, new Voice(vector, voices[i].Rows.Count));
            }
        }
    }
}
