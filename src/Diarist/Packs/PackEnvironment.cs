namespace Diarist.Packs;

/// <summary>The one place where packs meet the machine: variables, folders, the clock and the free space. Tests put their own in.</summary>
internal sealed record PackEnvironment
{
    /// <summary>This process on this machine.</summary>
    public static PackEnvironment Current { get; } = new();

    /// <summary>An environment variable; an empty one counts as absent.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where the search for <c>diarist.json</c> begins.</summary>
    public Func<string> WorkingDirectory { get; init; } = Directory.GetCurrentDirectory;

    /// <summary>Whether the networks inside the library are found.</summary>
    public bool HasInside { get; init; } = true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The free bytes of the volume that holds a folder, or null when that cannot be told.</summary>
    public Func<string, long?> FreeBytes { get; init; } = MeasureFreeBytes;

    /// <summary>Whether the folders are those of Windows, of macOS, or of the rest.</summary>
    public PlatformFolders Platform { get; init; } =
        OperatingSystem.IsWindows() ? PlatformFolders.Windows : OperatingSystem.IsMacOS() ? PlatformFolders.MacOS : PlatformFolders.Unix;

    /// <summary>The user's own store, or null when the machine names no home.</summary>
    public string? UserStore => Platform switch
    {
        PlatformFolders.Windows => Under(Rooted("LOCALAPPDATA"), "diarist", "packs"),
        PlatformFolders.MacOS => Under(Rooted("HOME"), "Library", "Application Support", "diarist", "packs"),
        _ => Under(Rooted("XDG_DATA_HOME"), "diarist", "packs") ?? Under(Rooted("HOME"), ".local", "share", "diarist", "packs"),
    };

    /// <summary>A variable, or null when it is absent or empty.</summary>
    public string? Value(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    // The XDG rules: a relative path in one of these variables is to be ignored.
    private string? Rooted(string name) => Value(name) is { } value && Path.IsPathRooted(value) ? value : null;

    private static string? Under(string? root, params ReadOnlySpan<string> parts) =>
        root is null ? null : Path.Combine([root, .. parts]);

    private static long? MeasureFreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Whose conventions name the user's folders.</summary>
internal enum PlatformFolders
{
    /// <summary>The XDG base directories.</summary>
    Unix,

    /// <summary>The library folders of macOS.</summary>
    MacOS,

    /// <summary>The local application data of Windows.</summary>
    Windows,
}
