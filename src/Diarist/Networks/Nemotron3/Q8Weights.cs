using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>The Q8_0 weights of a linear layer where they lie in the mapped file, and its biases.</summary>
internal sealed unsafe class Q8Weights
{
    private readonly GgufFile _file;
    private readonly AlignedBuffer _bias;

    /// <summary>Takes a tensor of the shape (outputs, inputs), both multiples of 32.</summary>
    /// <exception cref="PackException">The outputs are not a multiple of 32.</exception>
    public Q8Weights(GgufFile file, GgufTensor tensor, ReadOnlySpan<float> bias)
    {
        if (tensor.Shape[0] % Q8Panel.Columns != 0)
        {
            throw new PackException($"{file.Path}: tensor '{tensor.Name}' has {tensor.Shape[0]} rows; Q8_0 matrices are read in groups of {Q8Panel.Columns} rows.");
        }

        _file = file;
        Rows = file.Pointer(tensor);
        Outputs = tensor.Shape[0];
        Blocks = tensor.Shape[1] / GgufTensor.BlockValues;
        _bias = AlignedBuffer.Allocate(Outputs);
        bias.CopyTo(_bias.Span);
    }

    /// <summary>The first block of the first row.</summary>
    public byte* Rows { get; }

    /// <summary>Rows of the matrix.</summary>
    public int Outputs { get; }

    /// <summary>Blocks of a row.</summary>
    public int Blocks { get; }

    /// <summary>One for each output.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>Fills a panel with 32 outputs.</summary>
    public Q8Panel Panel(int firstOutput, int offset, float* memory) =>
        Q8Panel.Fill(Rows + ((nint)firstOutput * Blocks * GgufTensor.BlockBytes), Blocks, offset, memory);

    /// <summary>Keeps the mapped file until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_file.Mapping);
}
