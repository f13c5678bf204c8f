namespace Diarist.Server.Tests.Support;

/// <summary>A folder of its own for one test; gone afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("diarist-server-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
