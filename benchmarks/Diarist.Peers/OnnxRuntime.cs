using System.Runtime.InteropServices;
using System.Text;

namespace Diarist.Peers;

/// <summary>
/// ONNX Runtime's C API, called through function pointers: nothing but a native call lies between a measurement and
/// the peer. <c>OrtApi</c> is a table of function pointers that only ever grows at its end, so a function is known by
/// its place in onnxruntime_c_api.h (<see cref="OrtFunction"/>).
/// </summary>
internal sealed unsafe class OnnxRuntime
{
    /// <summary>The version of the table that is asked for: the first one with every function used here, and some more.</summary>
    private const uint ApiVersion = 17;

    private const int LogErrorsOnly = 3;

    private readonly void** _functions;

    /// <summary>Loads the library.</summary>
    public OnnxRuntime(string library)
    {
        nint handle = NativeLibrary.Load(library);
        void** apiBase = ((delegate* unmanaged<void**>)NativeLibrary.GetExport(handle, "OrtGetApiBase"))();
        _functions = (void**)((delegate* unmanaged<uint, void*>)apiBase[0])(ApiVersion);
        Version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)apiBase[1])()) ?? "unknown";

        fixed (byte* name = "peers\0"u8)
        {
            void* environment;
            Check(((delegate* unmanaged<int, byte*, void**, void*>)this[OrtFunction.CreateEnv])(LogErrorsOnly, name, &environment));
            Environment = environment;
        }

        void* memory;
        Check(((delegate* unmanaged<int, int, void**, void*>)this[OrtFunction.CreateCpuMemoryInfo])(0, 0, &memory));
        CpuMemory = memory;
        void* allocator;
        Check(((delegate* unmanaged<void**, void*>)this[OrtFunction.GetAllocatorWithDefaultOptions])(&allocator));
        Allocator = allocator;
    }

    /// <summary>The version that the library reports.</summary>
    public string Version { get; }

    internal void* Environment { get; }

    internal void* CpuMemory { get; }

    internal void* Allocator { get; }

    internal void* this[OrtFunction function] => _functions[(int)function];

    /// <summary>Turns a status into an exception; null means success.</summary>
    internal void Check(void* status)
    {
        if (status != null)
        {
            byte* message = ((delegate* unmanaged<void*, byte*>)this[OrtFunction.GetErrorMessage])(status);
            throw new InvalidOperationException("ONNX Runtime: " + Marshal.PtrToStringUTF8((nint)message));
        }
    }

    internal static byte[] NullTerminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}

/// <summary>Places in <c>OrtApi</c>.</summary>
internal enum OrtFunction
{
    GetErrorMessage = 2,
    CreateEnv = 3,
    CreateSession = 7,
    Run = 9,
    CreateSessionOptions = 10,
    SetSessionGraphOptimizationLevel = 23,
    SetIntraOpNumThreads = 24,
    SetInterOpNumThreads = 25,
    SessionGetInputCount = 30,
    SessionGetOutputCount = 31,
    SessionGetInputName = 36,
    SessionGetOutputName = 37,
    CreateTensorWithDataAsOrtValue = 49,
    GetTensorMutableData = 51,
    CreateCpuMemoryInfo = 69,
    GetAllocatorWithDefaultOptions = 78,
    ReleaseSession = 95,
    ReleaseValue = 96,
    ReleaseSessionOptions = 100,
}
