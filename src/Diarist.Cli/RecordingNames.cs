namespace Diarist.Cli;

/// <summary>Which files are recordings by their names.</summary>
internal static class RecordingNames
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".wave", ".flac", ".mp3", ".mp2", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".aac", ".mp4", ".m4v", ".mov", ".mkv", ".mka", ".webm",
        ".avi", ".wma", ".wmv", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".amr", ".3gp", ".3gpp", ".ac3", ".w64", ".rf64", ".sph", ".gsm", ".ts", ".mts", ".flv", ".mxf",
    };

    /// <summary>Whether a file has the extension of audio or video.</summary>
    public static bool HasExtension(string path) => Extensions.Contains(Path.GetExtension(path));
}
