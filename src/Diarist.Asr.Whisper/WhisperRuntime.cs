using System.IO.Compression;
using System.Runtime.InteropServices;
using Diarist.Packs;
using Diarist.Processes;
using Whisper.net;
using Whisper.net.LibraryLoader;

namespace Diarist.Asr.Whisper;

/// <summary>
/// The native library of whisper.cpp. It lies beside the program, in <c>runtimes</c>, where the program references this package; or it
/// comes from the pack <see cref="Pack"/>, which is Whisper.net's own package of it. A process loads it once.
/// </summary>
public static class WhisperRuntime
{
    /// <summary>The pack that holds the native library for every platform that it is built for.</summary>
    public const string Pack = "whisper-runtime";

    private const string PackFile = "whisper.net.runtime.1.9.1.nupkg";
    private const long LargestLibrary = 64 << 20;

    private static readonly Lock Loading = new();
    private static string? _info;

    /// <summary>Whether the native library lies beside the program, so that no pack is needed.</summary>
    public static bool IsBesideProgram => File.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes", Platform, LibraryName("whisper")));

    private static string Platform => (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "macos-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Loads the native library, unless that is done.</summary>
    /// <param name="store">Where the pack is looked for when nothing lies beside the program; <see langword="null"/> looks for none. Nothing is fetched.</param>
    /// <returns>What the library says of itself: the instructions that it uses.</returns>
    /// <exception cref="TranscriberException">It is not here, or this machine cannot run it.</exception>
    /// <exception cref="PackException">The pack is damaged.</exception>
    public static string Load(PackStore? store = null)
    {
        lock (Loading)
        {
            if (_info is not null)
            {
                return _info;
            }

            TemporaryFolder? folder = null;
            if (!IsBesideProgram)
            {
                LocatedPack pack = store?.Find(Pack) ?? throw new TranscriberException(
                    $"Whisper's native library is not here: neither in {Path.Combine(AppContext.BaseDirectory, "runtimes", Platform)} nor as the pack {Pack}.")
                {
                    Remedy = Remedy.ObtainPacks,
                    RemedySubject = Pack,
                };
                folder = Unpack(pack.PathOf(PackFile));
            }

            try
            {
                return _info = WhisperFactory.GetRuntimeInfo() ?? "";
            }
#pragma warning disable CA1031 // Whisper.net throws plain exceptions, each of which means that the library cannot be used.
            catch (Exception error)
#pragma warning restore CA1031
            {
                throw new TranscriberException(
                    $"Whisper's native library cannot be used on this machine ({Platform}): {error.Message} It needs AVX2 on x64, and glibc on Linux.", error);
            }
            finally
            {
                // What is loaded stays in memory, and only Windows needs the files. There the next process deletes the folder.
                if (!OperatingSystem.IsWindows())
                {
                    folder?.Dispose();
                }
            }
        }
    }

    private static string LibraryName(string name) => OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    // Whisper.net's package keeps the libraries of a platform in build/<platform>; its loader wants them in runtimes/<platform>.
    private static TemporaryFolder Unpack(string package)
    {
        var folder = new TemporaryFolder();
        try
        {
            string target = folder.PathOf(Path.Combine("runtimes", Platform));
            Directory.CreateDirectory(target);
            using ZipArchive archive = ZipFile.OpenRead(package);
            ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => entry.FullName == $"build/{Platform}/{entry.Name}" && entry.Length is > 0 and <= LargestLibrary)];
            if (entries.Length == 0)
            {
                throw new TranscriberException($"{package} holds no native library of Whisper for this machine ({Platform}).");
            }

            foreach (ZipArchiveEntry entry in entries)
            {
                entry.ExtractToFile(Path.Combine(target, entry.Name));
            }

            RuntimeOptions.LibraryPath = folder.FullName + Path.DirectorySeparatorChar;
            return folder;
        }
        catch (Exception error)
        {
            folder.Dispose();
            throw error is InvalidDataException ? new TranscriberException($"{package} is damaged: {error.Message}", error) : error;
        }
    }
}
