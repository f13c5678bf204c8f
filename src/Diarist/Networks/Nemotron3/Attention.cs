using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>
/// Self-attention over all frames: keys and values of a layer as panels of the float32 product, and the soft-max of a few rows of queries at a time, so that
/// the scores stay in the second-level cache.
/// </summary>
/// <typeparam name="V">The vector of the kernels.</typeparam>
internal sealed unsafe class Attention<V> : IDisposable
    where V : unmanaged, ILanes<V>
{
    /// <summary>Rows of queries whose scores are in memory at once.</summary>
    private const int QueryRows = 96;

    private readonly int _hidden;
    private readonly int _heads;
    private readonly int _size;
    private readonly int _frames;
    private readonly int _padded;
    private readonly RotaryTable _rotary;
    private readonly AlignedBuffer _queries;
    private readonly AlignedBuffer _keys;
    private readonly AlignedBuffer _values;

    /// <summary>Takes memory for a number of frames.</summary>
    public Attention(Nemotron3Configuration configuration, RotaryTable rotary, int frames)
    {
        _hidden = configuration.Hidden;
        _heads = configuration.Heads;
        _size = configuration.HeadSize;
        _frames = frames;
        _padded = (frames + 31) / 32 * 32;
        _rotary = rotary;
        _queries = AlignedBuffer.Rent(frames * _hidden);
        _keys = AlignedBuffer.Rent(_padded * _hidden);
        _values = AlignedBuffer.Rent(_padded * _hidden);

        // Columns of keys past the last frame are multiplied, though their scores are not used.
        int last = frames / Width * Width;
        for (int head = 0; head < _heads && last < _padded; head++)
        {
            new Span<float>(Keys(head) + ((nint)last * _size), (_padded - last) * _size).Clear();
        }
    }

    /// <summary>Columns of a panel.</summary>
    private static int Width => 2 * V.Count;

    /// <summary>Takes the queries, keys and values of some frames, and turns queries and keys by their positions.</summary>
    /// <param name="qkv">Shape (rows, 3 · hidden); queries and keys are overwritten with the turned ones.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="rows">Frames.</param>
    public void Store(float* qkv, int first, int rows)
    {
        float scale = (float)(1 / Math.Sqrt(_size));
        V factor = V.Broadcast(scale);

        // Head by head: the keys of a panel are written column by column, and its lines stay in the first-level cache meanwhile.
        for (int head = 0; head < _heads; head++)
        {
            for (int row = 0; row < rows; row++)
            {
                int frame = first + row;
                float* query = qkv + ((nint)row * 3 * _hidden) + (head * _size), key = query + _hidden, value = key + _hidden;
                Rotate(query, frame);
                Rotate(key, frame);
                float* scaled = Query(head, frame);
                for (int i = 0; i < _size; i += V.Count)
                {
                    V.Store(V.Load(query + i) * factor, scaled + i);
                }

                float* column = Keys(head) + ((nint)(frame / Width) * Width * _size) + (frame % Width);
                for (int i = 0; i < _size; i++)
                {
                    column[i * Width] = key[i];
                }

                for (int part = 0; part < _size; part += Width)
                {
                    int width = Math.Min(Width, _size - part);
                    new ReadOnlySpan<float>(value + part, width).CopyTo(new Span<float>(Values(head, part) + ((nint)frame * width), width));
                }
            }
        }
    }

    /// <summary>Attends from some frames to all.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="rows">Frames.</param>
    /// <param name="keys">Frames that are attended to: the first ones.</param>
    /// <param name="context">Receives shape (rows, hidden).</param>
    /// <param name="contextStride">Values from one row of the context to the next.</param>
    /// <param name="sharing">Where other threads may take some of the heads and rows, or null.</param>
    public void Attend(int first, int rows, int keys, float* context, int contextStride, SharedLoops? sharing = null)
    {
        int groups = (rows + QueryRows - 1) / QueryRows;
        SharedLoops.Run(sharing, _heads * groups, Work);

        void Work(SharedLoops.Loop loop)
        {
            using AlignedBuffer scores = AlignedBuffer.Rent(QueryRows * _padded);
            while (loop.TryTake(out int part))
            {
                (int head, int group) = Math.DivRem(part, groups);
                int row = group * QueryRows, count = Math.Min(QueryRows, rows - row);
                Attend(head, first + row, count, keys, scores.Pointer, context + ((nint)row * contextStride) + (head * _size), contextStride);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queries.Dispose();
        _keys.Dispose();
        _values.Dispose();
    }

    private float* Query(int head, int frame) => _queries.Pointer + ((((nint)head * _frames) + frame) * _size);

    private float* Keys(int head) => _keys.Pointer + ((nint)head * _padded * _size);

    private float* Values(int head, int part) => _values.Pointer + ((nint)head * _frames * _size) + ((nint)part * _frames);

    /// <summary>Turns the pairs (i, i + half) of a head by the angles of a position.</summary>
    private void Rotate(float* x, int position)
    {
        int half = _rotary.Half, i = 0;
        fixed (float* cosines = &_rotary.Cosines[position * half], sines = &_rotary.Sines[position * half])
        {
            for (; i <= half - V.Count; i += V.Count)
            {
                Turn<V>(x + i, x + half + i, cosines + i, sines + i);
            }

            for (; i < half; i++)
            {
                Turn<Lane1>(x + i, x + half + i, cosines + i, sines + i);
            }
        }
    }

    private static void Turn<W>(float* left, float* right, float* cosine, float* sine)
        where W : unmanaged, ILanes<W>
    {
        W a = W.Load(left), b = W.Load(right), c = W.Load(cosine), s = W.Load(sine);
        W.Store((a * c) - (b * s), left);
        W.Store((b * c) + (a * s), right);
    }

    /// <summary>What one head finds for a few rows of queries.</summary>
    private void Attend(int head, int first, int rows, int keys, float* scores, float* result, int resultStride)
    {
        float* scales = stackalloc float[QueryRows];
        var queries = new LeftMatrix(Query(head, first), rows, _size, _size);
        for (int column = 0; column < _padded; column += Width)
        {
            Gemm.MultiplyPanel<V>(queries, Keys(head) + ((nint)column * _size), Width, null, null, scores + column, _padded);
        }

        Softmax.Exponentials<V>(scores, rows, keys, _padded, scales);
        var weights = new LeftMatrix(scores, rows, keys, _padded);
        for (int part = 0; part < _size; part += Width)
        {
            Gemm.MultiplyPanel<V>(weights, Values(head, part), Math.Min(Width, _size - part), null, null, result + part, resultStride);
        }

        Scale(result, rows, resultStride, scales);
    }

    private void Scale(float* rows, int count, int stride, float* scales)
    {
        for (int row = 0; row < count; row++)
        {
            float* x = rows + ((nint)row * stride);
            V scale = V.Broadcast(scales[row]);
            for (int i = 0; i < _size; i += V.Count)
            {
                V.Store(V.Load(x + i) * scale, x + i);
            }
        }
    }
}
