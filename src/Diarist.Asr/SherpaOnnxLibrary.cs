using System.Runtime.InteropServices;

namespace Diarist.Asr;

/// <summary>sherpa-onnx's C library (<c>libsherpa-onnx-c-api</c>), which the user supplies; its functions, bound by name.</summary>
internal sealed unsafe class SherpaOnnxLibrary
{
    // The layout of the configuration was compared with c-api.h of 1.13.4 and with what 1.13.8 prints of a filled one.
    private static readonly string[] KnownVersions = ["1.13.4", "1.13.5", "1.13.6", "1.13.7", "1.13.8"];

    private readonly nint _library;

    /// <summary>Loads the library.</summary>
    /// <exception cref="TranscriberException">It cannot be loaded, is another library, or of a version whose layout is not known here.</exception>
    public SherpaOnnxLibrary(string path)
    {
        try
        {
            _library = NativeLibrary.Load(Path.GetFullPath(path));
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new TranscriberException($"sherpa-onnx: {path} cannot be loaded: {error.Message.ReplaceLineEndings(" ")}", error);
        }

        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Function(path, "SherpaOnnxGetVersionStr"))()) ?? "";
        RequireKnown(Version, path);
        CreateRecognizer = (delegate* unmanaged<byte*, nint>)Function(path, "SherpaOnnxCreateOfflineRecognizer");
        DestroyRecognizer = (delegate* unmanaged<nint, void>)Function(path, "SherpaOnnxDestroyOfflineRecognizer");
        CreateStream = (delegate* unmanaged<nint, nint>)Function(path, "SherpaOnnxCreateOfflineStream");
        DestroyStream = (delegate* unmanaged<nint, void>)Function(path, "SherpaOnnxDestroyOfflineStream");
        AcceptWaveform = (delegate* unmanaged<nint, int, float*, int, void>)Function(path, "SherpaOnnxAcceptWaveformOffline");
        Decode = (delegate* unmanaged<nint, nint, void>)Function(path, "SherpaOnnxDecodeOfflineStream");
        GetResultAsJson = (delegate* unmanaged<nint, nint>)Function(path, "SherpaOnnxGetOfflineStreamResultAsJson");
        DestroyResultJson = (delegate* unmanaged<nint, void>)Function(path, "SherpaOnnxDestroyOfflineStreamResultJson");
    }

    /// <summary>What the library says it is.</summary>
    public string Version { get; }

    public delegate* unmanaged<byte*, nint> CreateRecognizer { get; }

    public delegate* unmanaged<nint, void> DestroyRecognizer { get; }

    public delegate* unmanaged<nint, nint> CreateStream { get; }

    public delegate* unmanaged<nint, void> DestroyStream { get; }

    public delegate* unmanaged<nint, int, float*, int, void> AcceptWaveform { get; }

    public delegate* unmanaged<nint, nint, void> Decode { get; }

    public delegate* unmanaged<nint, nint> GetResultAsJson { get; }

    public delegate* unmanaged<nint, void> DestroyResultJson { get; }

    /// <summary>Refuses a version whose configuration may be laid out otherwise: a wrong offset would be read as a pointer.</summary>
    public static void RequireKnown(string version, string path)
    {
        if (!KnownVersions.Contains(version))
        {
            throw new TranscriberException($"sherpa-onnx: {path} is version {version}, and only {KnownVersions[0]} to {KnownVersions[^1]} are known here; install one of these");
        }
    }

    private nint Function(string path, string name) => NativeLibrary.TryGetExport(_library, name, out nint address)
        ? address
        : throw new TranscriberException($"sherpa-onnx: {path} has no function {name}; name libsherpa-onnx-c-api");
}
