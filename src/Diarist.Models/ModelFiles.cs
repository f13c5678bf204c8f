using System.Reflection;

namespace Diarist.Models;

/// <summary>The files of the networks that come with Diarist, read from this assembly without a copy.</summary>
/// <remarks>Whose networks they are, and on what terms: the cards in <c>models/</c> of the package, and NOTICE.</remarks>
public static class ModelFiles
{
    /// <summary>The assembly that holds the files.</summary>
    public static Assembly Assembly => typeof(ModelFiles).Assembly;

    /// <summary>The names of the files: <c>network/file</c>, for instance <c>silero-vad-v6/silero_vad_16k.safetensors</c>.</summary>
    public static IReadOnlyList<string> Names => [.. Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <summary>Opens a file where it lies in memory.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>A stream whose <see cref="UnmanagedMemoryStream.PositionPointer"/> is the first byte; the memory stays as long as the assembly is loaded.</returns>
    /// <exception cref="FileNotFoundException">There is no file of that name.</exception>
    public static UnmanagedMemoryStream Open(string name) =>
        Assembly.GetManifestResourceStream(name) as UnmanagedMemoryStream
        ?? throw new FileNotFoundException($"Diarist.Models has no file {name}.", name);
}
