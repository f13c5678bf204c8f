using System.Diagnostics;
using Diarist.Processes;

namespace Diarist.Sessions;

/// <summary>
/// The file that a session was read from or written to, as it was then. A session is written only while nobody else writes the file, and only
/// over what it was read from, so that no correction of another program is lost.
/// </summary>
/// <param name="Path">The full path, links followed.</param>
/// <param name="Length">Bytes.</param>
/// <param name="End">The last bytes: the archive's list of entries, which holds a checksum of each.</param>
internal sealed record SessionFile(string Path, long Length, string End)
{
    private const int EndBytes = 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>The file with these bytes.</summary>
    public static SessionFile Of(string path, Stream bytes) => new(FileIdentity.FinalPath(path), bytes.CanSeek ? bytes.Length : 0, EndOf(bytes));

    /// <summary>Opens a file for reading that nobody is writing at this moment; nobody writes it until it is disposed.</summary>
    public static FileStream Open(string path) => Wait(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>Whether a path still leads to this file with these bytes.</summary>
    public bool IsThere(string path) => File.Exists(path) && FileIdentity.FinalPath(path) == Path && Wait(() =>
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Matches(stream);
    });

    /// <summary>Keeps others from writing the file until it is disposed; waits for who is writing it.</summary>
    /// <param name="path">The file as the caller names it.</param>
    /// <returns>What is held; <see langword="null"/> where this file is no longer there, or the path leads to another one.</returns>
    /// <exception cref="SessionChangedException">The file is not what it was.</exception>
    public FileStream? Hold(string path)
    {
        if (!File.Exists(path) || FileIdentity.FinalPath(path) != Path)
        {
            return null;
        }

        // Elsewhere than on Windows, None is a lock that all who open the file by .NET respect; there, Delete permits that the file is replaced.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        FileStream held = Wait(() => new FileStream(Path, FileMode.Open, FileAccess.Read, share));
        try
        {
            // Who held the file before may have replaced it: then the name leads to a younger one.
            bool named = File.GetLastWriteTimeUtc(held.SafeFileHandle) == File.GetLastWriteTimeUtc(Path) && new FileInfo(Path).Length == held.Length;
            return named && Matches(held) ? held : throw new SessionChangedException(path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Deletes what writers of this file left who were killed, while it is held: it holds voiceprints.</summary>
    public void DeleteLeftovers()
    {
        string name = System.IO.Path.GetFileName(Path);
        foreach (string part in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Path)!, OutputFile.PartOf(name)))
        {
            File.Delete(part);
        }
    }

    private bool Matches(FileStream stream) => stream.Length == Length && EndOf(stream) == End;

    // A device or a pipe is written to and never read from.
    private static string EndOf(Stream stream)
    {
        if (!stream.CanSeek || !stream.CanRead)
        {
            return "";
        }

        byte[] end = new byte[Math.Min(EndBytes, stream.Length)];
        stream.Position = stream.Length - end.Length;
        stream.ReadExactly(end);
        return Convert.ToHexString(end);
    }

    // A file that somebody writes or reads at this moment cannot be held, or read: EAGAIN on Linux, on macOS, and a sharing violation on Windows.
    private static T Wait<T>(Func<T> open)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return open();
            }
            catch (IOException error) when (error.HResult is 11 or 35 or unchecked((int)0x80070020) && Stopwatch.GetElapsedTime(start) < LongestWait)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
