namespace Diarist.Identity;

/// <summary>A store of voices, or a file of voices, that cannot be used: damaged, tampered with, of another version or network, or the key is wrong. The command line exits with 4.</summary>
public sealed class VoiceStoreException : DiaristException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What was wrong, and what to do.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public VoiceStoreException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) => Path = path;

    /// <summary>The file or folder.</summary>
    public string Path { get; }
}
