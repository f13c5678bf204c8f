using Diarist.Inference.Kernels;
using Diarist.Segmentation;

namespace Diarist.Networks.Pyannote;

/// <summary>The end of PyanNet: linear 256 → 128, leaky, 128 → 128, leaky, 128 → 7, log-softmax.</summary>
internal sealed unsafe class PowersetHead
{
    private const int Hidden = 128, BlockRows = 96;
    private readonly PackedMatrix[] _linears;

    /// <summary>Packs the weights for the tiles of a lane width.</summary>
    public PowersetHead(LayerWeights[] linears, LaneWidth? width = null) =>
        _linears = [.. linears.Select(layer => new PackedMatrix(
            layer.Weight,
            PackedMatrix.Places(layer.Weight.Length / layer.Bias.Length, layer.Bias.Length),
            PackedMatrix.Places(layer.Bias.Length, 1),
            layer.Bias,
            width))];

    /// <summary>Computes log-probabilities.</summary>
    /// <param name="input">(frames, windows, 256).</param>
    /// <param name="frames">Frames of a window.</param>
    /// <param name="windows">Windows.</param>
    /// <param name="logProbabilities">(windows, frames, 7).</param>
    /// <param name="cancellation">Looked at after each block of rows.</param>
    public void Run(float* input, int frames, int windows, Span<float> logProbabilities, CancellationToken cancellation)
    {
        using AlignedBuffer buffer = AlignedBuffer.Rent(BlockRows * ((2 * Hidden) + Powerset.Classes));
        float* first = buffer.Pointer, second = first + (BlockRows * Hidden), scores = second + (BlockRows * Hidden);
        int rows = frames * windows;
        for (int row = 0; row < rows; row += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(BlockRows, rows - row);
            Gemm.Multiply(new LeftMatrix(input + ((nint)row * LstmStack.Outputs), count, LstmStack.Outputs, LstmStack.Outputs), _linears[0], first, Hidden, Gemm.LeakyRelu);
            Gemm.Multiply(new LeftMatrix(first, count, Hidden, Hidden), _linears[1], second, Hidden, Gemm.LeakyRelu);
            Gemm.Multiply(new LeftMatrix(second, count, Hidden, Hidden), _linears[2], scores, Powerset.Classes);
            for (int i = 0; i < count; i++)
            {
                (int frame, int window) = Math.DivRem(row + i, windows);
                LogSoftmax(new ReadOnlySpan<float>(scores + (i * Powerset.Classes), Powerset.Classes), logProbabilities.Slice(((window * frames) + frame) * Powerset.Classes, Powerset.Classes));
            }
        }
    }

    private static void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities)
    {
        float greatest = scores[0];
        foreach (float score in scores)
        {
            greatest = Math.Max(greatest, score);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp(score - greatest);
        }

        float normalizer = greatest + (float)Math.Log(sum);
        for (int i = 0; i < scores.Length; i++)
        {
            logProbabilities[i] = scores[i] - normalizer;
        }
    }
}
