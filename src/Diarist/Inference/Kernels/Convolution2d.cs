namespace Diarist.Inference.Kernels;

/// <summary>How a 3×3 convolution of stride 1 is computed; every other one is always direct.</summary>
internal enum ConvolutionAlgorithm
{
    /// <summary>As a matrix product over the map itself, nine products for each weight's position: the yardstick.</summary>
    Direct,

    /// <summary>By Winograd's minimal filtering F(4×4, 3×3): a quarter of the products.</summary>
    Winograd,
}

/// <summary>
/// A square 2-D convolution, 3×3 with a border of one or 1×1 without, of stride 1 or 2, over <see cref="FeatureMap"/>s:
/// y = act(conv(x) + bias [+ residual]), act(v) = max(v, slope · v).
/// </summary>
internal sealed unsafe class Convolution2d
{
    private readonly int _kernel;
    private readonly int _stride;
    private readonly PackedMatrix? _direct;
    private readonly WinogradWeights? _winograd;

    /// <summary>Packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, kernel, kernel).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="kernel">3 or 1.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="algorithm">What to prefer where there is a choice.</param>
    /// <param name="width">The lane width; the widest of the processor by default.</param>
    public Convolution2d(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int inputs, int kernel, int stride, ConvolutionAlgorithm algorithm, LaneWidth? width = null)
    {
        (Inputs, Outputs, _kernel, _stride) = (inputs, bias.Length, kernel, stride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Outputs * inputs * kernel * kernel, nameof(weights));
        if (algorithm == ConvolutionAlgorithm.Winograd && WinogradWeights.Suits(inputs, Outputs, kernel, stride))
        {
            _winograd = new WinogradWeights(weights, bias, inputs, width ?? LaneWidths.Widest);
            return;
        }

        // Row (kernel row, kernel column, input) of the matrix, column output: the order in which a map's rows are read.
        int segment = kernel * inputs;
        _direct = new PackedMatrix(
            weights,
            PackedMatrix.Places(kernel * segment, row => (row % inputs * kernel * kernel) + (row / segment * kernel) + (row % segment / inputs)),
            PackedMatrix.Places(Outputs, inputs * kernel * kernel),
            bias,
            width);
    }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Makes the map that the output of <paramref name="input"/> fits in.</summary>
    public FeatureMap MakeOutput(FeatureMap input) => new((input.Height + _stride - 1) / _stride, (input.Width + _stride - 1) / _stride, Outputs);

    /// <summary>Computes the layer.</summary>
    /// <param name="input">The map that it takes.</param>
    /// <param name="residual">What is added before the activation, of the output's shape, or null.</param>
    /// <param name="output">Receives the result; may be <paramref name="residual"/>.</param>
    /// <param name="slope">The activation's slope for negative values: 0 is ReLU, 1 none.</param>
    /// <param name="cancellationToken">Stops the work within a few milliseconds.</param>
    /// <param name="sharing">Where other threads may join the loops, or null.</param>
    public void Run(FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, CancellationToken cancellationToken, SharedLoops? sharing = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Channels, Inputs, nameof(input));
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Channels, Outputs, nameof(output));
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Width, (input.Width + _stride - 1) / _stride, nameof(output));
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Height, (input.Height + _stride - 1) / _stride, nameof(output));
        if (_winograd is not null)
        {
            Winograd.Run(_winograd, input, residual, output, slope, sharing, cancellationToken);
            return;
        }

        SharedLoops.Run(sharing, output.Height, loop =>
        {
            while (loop.TryTake(out int y))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Gemm.MultiplyAdd(Rows(input, y, output.Width), _direct!, residual is null ? null : residual.At(y, 0), Outputs, output.At(y, 0), Outputs, slope);
            }
        });
    }

    /// <summary>Computes one row of a layer that is computed directly, without activation.</summary>
    /// <param name="input">The map that it takes.</param>
    /// <param name="y">The row of the output.</param>
    /// <param name="output">Receives shape (width, <see cref="Outputs"/>).</param>
    public void RunRow(FeatureMap input, int y, float* output) =>
        Gemm.Multiply(Rows(input, y, (input.Width + _stride - 1) / _stride), _direct!, output, Outputs);

    private LeftMatrix Rows(FeatureMap input, int y, int count)
    {
        int pad = _kernel / 2;
        return new LeftMatrix(input.At((y * _stride) - pad, -pad), count, _stride * Inputs, _kernel, _kernel * Inputs, input.RowStride);
    }
}
