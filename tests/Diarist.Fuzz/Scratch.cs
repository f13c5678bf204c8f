namespace Diarist.Fuzz;

/// <summary>A folder for parsers that read files, in memory where the system has such a place.</summary>
internal static class Scratch
{
    /// <summary>Its path.</summary>
    public static string Folder { get; } = Make();

    /// <summary>Deletes it.</summary>
    public static void Delete() => Directory.Delete(Folder, recursive: true);

    private static string Make()
    {
        string root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(root, $"diarist-fuzz-{Environment.ProcessId}")).FullName;
    }
}
