namespace Diarist.Peers;

/// <summary>
/// One network in ONNX Runtime. Inputs are bound once to memory that the caller fills; <see cref="Run"/> then costs
/// nothing but the network. Outputs are allocated by the runtime, which pools their memory.
/// </summary>
internal sealed unsafe class OnnxSession : IDisposable
{
    private const int OptimizeEverything = 99;
    private const int FloatElements = 1;
    private const int Int64Elements = 7;

    private readonly OnnxRuntime _runtime;
    private readonly void* _session;
    private readonly nint[] _inputNames;
    private readonly nint[] _outputNames;
    private readonly nint[] _inputs;
    private readonly object[] _inputData;
    private readonly nint[] _outputs;

    /// <summary>Loads a network.</summary>
    /// <param name="runtime">The library.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads within an operator; operators run one after the other.</param>
    public OnnxSession(OnnxRuntime runtime, string path, int threads)
    {
        _runtime = runtime;
        void* options = CreateOptions(threads);
        void* session;
        fixed (byte* file = OnnxRuntime.NullTerminated(path))
        {
            Check(((delegate* unmanaged<void*, byte*, void*, void**, void*>)runtime[OrtFunction.CreateSession])(runtime.Environment, file, options, &session));
        }

        ((delegate* unmanaged<void*, void>)runtime[OrtFunction.ReleaseSessionOptions])(options);
        _session = session;
        _inputNames = Names(OrtFunction.SessionGetInputCount, OrtFunction.SessionGetInputName);
        _outputNames = Names(OrtFunction.SessionGetOutputCount, OrtFunction.SessionGetOutputName);
        _inputs = new nint[_inputNames.Length];
        _inputData = new object[_inputNames.Length];
        _outputs = new nint[_outputNames.Length];
    }

    /// <summary>Binds an input to pinned memory of float32 values.</summary>
    public void Bind(int input, PinnedArray<float> data, params ReadOnlySpan<long> shape) => Bind(input, data, data.Pointer, data.Bytes, FloatElements, shape);

    /// <summary>Binds an input to pinned memory of int64 values.</summary>
    public void Bind(int input, PinnedArray<long> data, params ReadOnlySpan<long> shape) => Bind(input, data, data.Pointer, data.Bytes, Int64Elements, shape);

    /// <summary>Runs the network; what <see cref="Output"/> gave before is gone.</summary>
    public void Run()
    {
        ReleaseOutputs();
        fixed (nint* inputNames = _inputNames, inputs = _inputs, outputNames = _outputNames, outputs = _outputs)
        {
            Check(((delegate* unmanaged<void*, void*, nint*, nint*, nuint, nint*, nuint, nint*, void*>)_runtime[OrtFunction.Run])(
                _session, null, inputNames, inputs, (nuint)_inputs.Length, outputNames, (nuint)_outputs.Length, outputs));
        }
    }

    /// <summary>The first values of an output of the last run.</summary>
    public ReadOnlySpan<float> Output(int output, int length)
    {
        float* data;
        Check(((delegate* unmanaged<nint, float**, void*>)_runtime[OrtFunction.GetTensorMutableData])(_outputs[output], &data));
        return new ReadOnlySpan<float>(data, length);
    }

    public void Dispose()
    {
        ReleaseOutputs();
        foreach (nint input in _inputs)
        {
            Release(input);
        }

        ((delegate* unmanaged<void*, void>)_runtime[OrtFunction.ReleaseSession])(_session);
    }

    private void* CreateOptions(int threads)
    {
        void* options;
        Check(((delegate* unmanaged<void**, void*>)_runtime[OrtFunction.CreateSessionOptions])(&options));
        foreach ((OrtFunction option, int value) in (ReadOnlySpan<(OrtFunction, int)>)
        [
            (OrtFunction.SetIntraOpNumThreads, threads),
            (OrtFunction.SetInterOpNumThreads, 1),
            (OrtFunction.SetSessionGraphOptimizationLevel, OptimizeEverything),
        ])
        {
            Check(((delegate* unmanaged<void*, int, void*>)_runtime[option])(options, value));
        }

        return options;
    }

    private void Bind(int input, object owner, void* data, nuint bytes, int elementType, ReadOnlySpan<long> shape)
    {
        Release(_inputs[input]);
        nint value;
        fixed (long* extents = shape)
        {
            Check(((delegate* unmanaged<void*, void*, nuint, long*, nuint, int, nint*, void*>)_runtime[OrtFunction.CreateTensorWithDataAsOrtValue])(
                _runtime.CpuMemory, data, bytes, extents, (nuint)shape.Length, elementType, &value));
        }

        _inputs[input] = value;
        _inputData[input] = owner; // the runtime keeps a plain pointer
    }

    private nint[] Names(OrtFunction counter, OrtFunction getter)
    {
        nuint count;
        Check(((delegate* unmanaged<void*, nuint*, void*>)_runtime[counter])(_session, &count));
        nint[] names = new nint[count];
        for (int i = 0; i < names.Length; i++)
        {
            nint name;
            Check(((delegate* unmanaged<void*, nuint, void*, nint*, void*>)_runtime[getter])(_session, (nuint)i, _runtime.Allocator, &name));
            names[i] = name;
        }

        return names;
    }

    private void ReleaseOutputs()
    {
        for (int i = 0; i < _outputs.Length; i++)
        {
            Release(_outputs[i]);
            _outputs[i] = 0;
        }
    }

    private void Release(nint value)
    {
        if (value != 0)
        {
            ((delegate* unmanaged<nint, void>)_runtime[OrtFunction.ReleaseValue])(value);
        }
    }

    private void Check(void* status) => _runtime.Check(status);
}
