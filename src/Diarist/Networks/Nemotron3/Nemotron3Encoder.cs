using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>Receives what a network computes on its way; for tests.</summary>
/// <param name="stage">The stage's name.</param>
/// <param name="firstRow">The first row.</param>
/// <param name="values">Shape (rows, columns).</param>
/// <param name="columns">Values of a row.</param>
internal delegate void StageProbe(string stage, int firstRow, ReadOnlySpan<float> values, int columns);

/// <summary>What runs a network, whatever the width of its vectors.</summary>
internal interface INemotron3Encoder
{
    /// <summary>The weights.</summary>
    Nemotron3Layers Weights { get; }

    /// <summary>Turns mel rows into the vectors of frames.</summary>
    /// <param name="mel">Shape (frames, 8 · 128).</param>
    /// <param name="vectors">Receives shape (frames, hidden).</param>
    void Embed(ReadOnlySpan<float> mel, Span<float> vectors);

    /// <summary>Labels frames.</summary>
    /// <param name="input">Shape (frames, hidden): the whole that a step looks at.</param>
    /// <param name="keys">Frames that others attend to, the first ones: all but a last one that stands for nothing.</param>
    /// <param name="first">The first frame whose speakers are wanted.</param>
    /// <param name="logits">Receives shape (frames wanted · 8 rows, 8 speakers).</param>
    /// <param name="threads">Threads at most; the result does not depend on them.</param>
    /// <param name="probe">Receives the stages, or null.</param>
    /// <param name="cancellationToken">Stops within about 20 ms.</param>
    void Run(ReadOnlySpan<float> input, int keys, int first, Span<float> logits, int threads, StageProbe? probe = null, CancellationToken cancellationToken = default);
}

/// <summary>
/// The encoder and the head. Rows are dealt out to threads in blocks; a block goes through everything that looks at one row only (from the attention of one layer to the
/// queries, keys and values of the next) while its rows are in the second-level cache, so threads meet once a layer.
/// </summary>
/// <typeparam name="V">The vector of the kernels.</typeparam>
internal sealed unsafe class Nemotron3Encoder<V>(Nemotron3Layers weights) : INemotron3Encoder
    where V : unmanaged, ILanes<V>
{
    /// <summary>Rows of a block at most: their values between the two feed-forward layers take 1.4 MB at the true size.</summary>
    private const int BlockRows = 176;

    /// <summary>
    /// Values between the rows of a left operand: rows a power of two apart would lie in the same few sets of the first-level cache, which costs a tenth of a product's time.
    /// </summary>
    private const int Apart = AlignedBuffer.Alignment;

    private readonly RotaryTable _rotary = new(weights.Configuration.HeadSize, Nemotron3Configuration.MaximumFrames, weights.Configuration.RotaryBase);

    /// <inheritdoc/>
    public Nemotron3Layers Weights => weights;

    private int Hidden => weights.Configuration.Hidden;

    private int HeadHidden => weights.Configuration.HeadHidden;

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<float> mel, Span<float> vectors)
    {
        int columns = weights.PreEncode.Inputs, frames = mel.Length / columns;
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, frames * Hidden, nameof(vectors));
        using AlignedBuffer rows = AlignedBuffer.Rent(mel.Length);
        mel.CopyTo(rows.Span);
        fixed (float* result = vectors)
        {
            weights.PreEncode.Multiply(new LeftMatrix(rows.Pointer, frames, columns, columns), result, Hidden, Epilogue.None);
        }
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, int keys, int first, Span<float> logits, int threads, StageProbe? probe, CancellationToken cancellationToken)
    {
        int frames = input.Length / Hidden, wanted = logits.Length / (Nemotron3Configuration.RowsPerFrame * Nemotron3Configuration.Speakers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + wanted, frames, nameof(logits));
        using AlignedBuffer x = AlignedBuffer.Rent(frames * Hidden);
        using AlignedBuffer projected = AlignedBuffer.Rent((frames + 2) * HeadHidden);
        using var even = new Attention<V>(weights.Configuration, _rotary, frames);
        using var odd = new Attention<V>(weights.Configuration, _rotary, frames);
        input.CopyTo(x.Span);
        probe?.Invoke("encoder_input", 0, input, Hidden);
        projected.Span[..HeadHidden].Clear();
        projected.Span[((frames + 1) * HeadHidden)..].Clear();
        float* state = x.Pointer, head = projected.Pointer + HeadHidden;

        var phases = new RowPhases(threads, BlockRows, cancellationToken);
        phases.Add(frames, (row, rows, sharing) =>
        {
            float* block = state + ((nint)row * Hidden);
            weights.EmbedNorm.Apply<V>(block, rows);
            probe?.Invoke("input_layer_norm", row, new(block, rows * Hidden), Hidden);
            Prepare(0, block, row, rows, even, sharing, probe);
        });

        // The head looks at the frames that are wanted and at one more on either side; the last layer computes no others.
        for (int layer = 0; layer < weights.Layers.Length; layer++)
        {
            int current = layer;
            bool last = layer + 1 == weights.Layers.Length;
            int from = last && probe is null ? Math.Max(0, first - 1) : 0, end = last && probe is null ? Math.Min(frames, first + wanted + 1) : frames;
            Attention<V> attention = layer % 2 == 0 ? even : odd, next = layer % 2 == 0 ? odd : even;
            phases.Add(end - from, (offset, rows, sharing) =>
            {
                int row = from + offset;
                float* block = state + ((nint)row * Hidden);
                Finish(current, block, row, rows, keys, attention, sharing, probe);
                if (!last)
                {
                    Prepare(current + 1, block, row, rows, next, sharing, probe);
                    return;
                }

                weights.FinalNorm.Apply<V>(block, rows);
                probe?.Invoke("final_norm", row, new(block, rows * Hidden), Hidden);
                float* target = head + ((nint)row * HeadHidden);
                weights.Projection.Multiply(new LeftMatrix(block, rows, Hidden, Hidden), target, HeadHidden, Epilogue.None, sharing);
                probe?.Invoke("proj", row, new(target, rows * HeadHidden), HeadHidden);
            });
        }

        fixed (float* result = logits)
        {
            float* target = result;
            phases.Add(
                wanted,
                (row, rows, sharing) => Label(head, first + row, rows, target + ((nint)row * Nemotron3Configuration.RowsPerFrame * Nemotron3Configuration.Speakers), sharing, probe));
            phases.Run();
        }
    }

    /// <summary>The first half of a layer: norm, then queries, keys and values into the attention.</summary>
    private void Prepare(int index, float* block, int row, int rows, Attention<V> attention, SharedLoops? sharing, StageProbe? probe)
    {
        Nemotron3Layer layer = weights.Layers[index];
        int stride = Hidden + Apart;
        using AlignedBuffer normal = AlignedBuffer.Rent(rows * stride);
        using AlignedBuffer qkv = AlignedBuffer.Rent(rows * 3 * Hidden);
        layer.Norm1.Apply<V>(block, rows, normal.Pointer, stride);
        Show(probe, $"layer{index}.norm1", row, normal.Span, Hidden);
        layer.QueryKeyValue.Multiply(new LeftMatrix(normal.Pointer, rows, Hidden, stride), qkv.Pointer, 3 * Hidden, Epilogue.None, sharing);
        probe?.Invoke($"layer{index}.qkv", row, qkv.Span, 3 * Hidden);
        attention.Store(qkv.Pointer, row, rows);
        probe?.Invoke($"layer{index}.qkv_rotated", row, qkv.Span, 3 * Hidden);
    }

    /// <summary>The second half: attention, then the feed-forward part, each added to the rows.</summary>
    private void Finish(int index, float* block, int row, int rows, int keys, Attention<V> attention, SharedLoops? sharing, StageProbe? probe)
    {
        Nemotron3Layer layer = weights.Layers[index];
        int between = layer.Widen.Outputs, stride = Hidden + Apart, wideStride = between + Apart;
        using AlignedBuffer context = AlignedBuffer.Rent(rows * stride);
        using AlignedBuffer wide = AlignedBuffer.Rent(rows * wideStride);
        attention.Attend(row, rows, keys, context.Pointer, stride, sharing);
        Show(probe, $"layer{index}.context", row, context.Span, Hidden);
        layer.Output.Multiply(new LeftMatrix(context.Pointer, rows, Hidden, stride), block, Hidden, Epilogue.Add, sharing);
        probe?.Invoke($"layer{index}.middle", row, new(block, rows * Hidden), Hidden);
        layer.Norm2.Apply<V>(block, rows, context.Pointer, stride);
        Show(probe, $"layer{index}.norm2", row, context.Span, Hidden);
        layer.Widen.Multiply(new LeftMatrix(context.Pointer, rows, Hidden, stride), wide.Pointer, wideStride, Epilogue.Gelu, sharing);
        Show(probe, $"layer{index}.gelu", row, wide.Span, between);
        layer.Narrow.Multiply(new LeftMatrix(wide.Pointer, rows, between, wideStride), block, Hidden, Epilogue.Add, sharing);
        probe?.Invoke($"layer{index}.output", row, new(block, rows * Hidden), Hidden);
    }

    /// <summary>Shows a probe rows that lie apart.</summary>
    private static void Show(StageProbe? probe, string stage, int firstRow, ReadOnlySpan<float> values, int columns)
    {
        if (probe is null)
        {
            return;
        }

        int rows = values.Length / (columns + Apart);
        var together = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            values.Slice(row * (columns + Apart), columns).CopyTo(together.AsSpan(row * columns));
        }

        probe(stage, firstRow, together, columns);
    }

    /// <summary>The head: eight sub-frames a frame, eight speakers a sub-frame.</summary>
    private void Label(float* head, int frame, int frames, float* logits, SharedLoops? sharing, StageProbe? probe)
    {
        const int rowsPerFrame = Nemotron3Configuration.RowsPerFrame;
        int rows = frames * rowsPerFrame;
        using AlignedBuffer upsampled = AlignedBuffer.Rent(rows * HeadHidden);
        using AlignedBuffer dense = AlignedBuffer.Rent(rows * HeadHidden);

        // Rows of three frames overlap: that makes the convolution a product.
        var neighbours = new LeftMatrix(head + ((nint)(frame - 1) * HeadHidden), frames, 3 * HeadHidden, HeadHidden);
        weights.Upsample.Multiply(neighbours, upsampled.Pointer, rowsPerFrame * HeadHidden, Epilogue.Relu, sharing);
        probe?.Invoke("upsampled", frame * rowsPerFrame, upsampled.Span, HeadHidden);
        weights.Dense.Multiply(new LeftMatrix(upsampled.Pointer, rows, HeadHidden, HeadHidden), dense.Pointer, HeadHidden, Epilogue.Relu, sharing);
        probe?.Invoke("dense", frame * rowsPerFrame, dense.Span, HeadHidden);
        weights.Classifier.Multiply(new LeftMatrix(dense.Pointer, rows, HeadHidden, HeadHidden), logits, Nemotron3Configuration.Speakers, Epilogue.None, sharing);
        probe?.Invoke("logits", frame * rowsPerFrame, new(logits, rows * Nemotron3Configuration.Speakers), Nemotron3Configuration.Speakers);
    }
}
