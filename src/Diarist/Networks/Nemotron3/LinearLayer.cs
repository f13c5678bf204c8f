using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>What happens to the results of a linear layer while they are still in the first-level cache.</summary>
internal enum Epilogue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>The exact GELU.</summary>
    Gelu,

    /// <summary>They are added to what the result holds already: a residual connection.</summary>
    Add,
}

/// <summary>A linear layer: y = W · x + b for each row x. Stateless; any number of threads may use it at once.</summary>
/// <param name="inputs">Values of a row.</param>
/// <param name="outputs">Values of a result.</param>
internal abstract unsafe class LinearLayer(int inputs, int outputs)
{
    /// <summary>Values of a row.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Values of a result.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Multiplies rows.</summary>
    /// <param name="rows">The rows; <see cref="Inputs"/> values each, or for a convolution gathered with a stride.</param>
    /// <param name="result">Receives <see cref="Outputs"/> values a row.</param>
    /// <param name="resultStride">Values from one row of the result to the next.</param>
    /// <param name="epilogue">What happens to them.</param>
    /// <param name="sharing">Where other threads may take some of the columns, or null.</param>
    public abstract void Multiply(in LeftMatrix rows, float* result, int resultStride, Epilogue epilogue, SharedLoops? sharing = null);

    /// <summary>Finishes some columns of a result.</summary>
    protected static void Finish<V>(float* result, int rows, int columns, int stride, Epilogue epilogue)
        where V : unmanaged, ILanes<V>
    {
        if (epilogue == Epilogue.Gelu)
        {
            Gelu.Apply<V>(result, rows, columns, stride);
        }
        else if (epilogue == Epilogue.Relu)
        {
            for (int row = 0; row < rows; row++)
            {
                float* x = result + ((nint)row * stride);
                for (int column = 0; column < columns; column++)
                {
                    x[column] = Math.Max(x[column], 0);
                }
            }
        }
    }
}
