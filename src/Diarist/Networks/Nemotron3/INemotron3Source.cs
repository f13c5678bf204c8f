using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>How the products of Q8_0 weights are computed.</summary>
internal enum Q8Arithmetic
{
    /// <summary>What is faster on this processor: integers where it has an instruction for four products of bytes, else widened weights.</summary>
    Fastest,

    /// <summary>Weights are widened to float32 just before use.</summary>
    Widened,

    /// <summary>Weights and rows are multiplied as 8-bit integers.</summary>
    Integer,
}

/// <summary>The tensors of a network, whatever file they lie in, by the names that GGUF has for them.</summary>
internal interface INemotron3Source
{
    /// <summary>The sizes that the file states or that follow from its tensors.</summary>
    Nemotron3Configuration Configuration { get; }

    /// <summary>The mel bands, shape (128, 257).</summary>
    float[] FilterBank { get; }

    /// <summary>A tensor of small size.</summary>
    /// <exception cref="PackException">It is missing, or its type or shape is another.</exception>
    float[] Values(string name, params ReadOnlySpan<int> shape);

    /// <summary>A linear layer <c>name.weight</c> with or without <c>name.bias</c>.</summary>
    /// <exception cref="PackException">A tensor is missing, or its type or shape is another.</exception>
    LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
        where V : unmanaged, ILanes<V>;
}
