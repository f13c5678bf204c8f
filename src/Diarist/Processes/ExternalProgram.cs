using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Diarist.Processes;

/// <summary>
/// A program that runs beside this process with its three streams redirected. On Unix it leads a process group of its own where
/// <c>setsid</c> is installed, so that <see cref="Stop"/> ends everything that it started, also what has outlived it.
/// What it writes to standard error is read all the time and kept in part.
/// </summary>
public sealed partial class ExternalProgram : IDisposable
{
    private const int Sigkill = 9;
    private const int StopMilliseconds = 2000;
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(1);
    private static readonly Lazy<string?> Setsid = new(() => OperatingSystem.IsWindows() ? null : Find("setsid"));

    private readonly Process _process;
    private readonly int _group;
    private readonly Thread _errorReader;
    private int _stopped;

    private ExternalProgram(string name, Process process, bool leadsGroup)
    {
        Name = name;
        _process = process;
        _group = leadsGroup ? process.Id : 0;
        HostShutdown.AddProgram(this, Stop);
        _errorReader = new Thread(() => ErrorOutput.ReadAll(process.StandardError)) { IsBackground = true, Name = $"{name} errors" };
        _errorReader.Start();
    }

    /// <summary>The program as it was named.</summary>
    public string Name { get; }

    /// <summary>The number of its process.</summary>
    public int Id => _process.Id;

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output; whoever reads it sets the bound.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it said on standard error, in part; complete after <see cref="WaitForExit"/> or <see cref="WaitForExitAsync"/>.</summary>
    public ErrorOutput ErrorOutput { get; } = new();

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A path, or a name that is looked for in the folders of <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments, passed on as they are.</param>
    /// <exception cref="Win32Exception">There is no such program, or it cannot be run.</exception>
    public static ExternalProgram Start(string program, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(program);
        ArgumentNullException.ThrowIfNull(arguments);
        bool wrapped = Setsid.Value is not null;
        string found = wrapped ? Find(program) ?? throw new Win32Exception("there is no such program") : program;
        var start = new ProcessStartInfo(wrapped ? Setsid.Value! : found)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in wrapped ? [found, .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ExternalProgram(program, Process.Start(start)!, wrapped);
    }

    /// <summary>The path of a program: the file itself when a folder is named, else the first of that name in <c>PATH</c> that may be run; null when there is none.</summary>
    public static string? Find(string program)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(program);
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || program.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal))
        {
            string full = Path.GetFullPath(program);
            return IsRunnable(full) ? full : null;
        }

        string[] endings = OperatingSystem.IsWindows() ? [".exe", ""] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(IsRunnable);
    }

    /// <summary>Waits until the program has ended, then ends what it left behind, so that its output ends as well.</summary>
    public void WaitForExit()
    {
        _process.WaitForExit();
        FinishErrors();
    }

    /// <summary>Waits until the program has ended, then ends what it left behind, so that its output ends as well.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await Task.Run(FinishErrors, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Ends the program and everything that it started; may be called at any time, from any thread.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            // Another thread may still look for what the program started, and this one may end the process before it is done.
            KillGroup();
            return;
        }

        try
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself, or what it started did.
        }

        KillGroup();
    }

    /// <summary>Ends the program if it still runs, and frees its streams.</summary>
    public void Dispose()
    {
        Stop();
        _process.WaitForExit(StopMilliseconds);
        HostShutdown.Remove(this);
        _process.Dispose();
    }

    private static bool IsRunnable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void FinishErrors()
    {
        // Something that it left running may hold the pipes open for good.
        KillGroup();
        _errorReader.Join(ReaderPatience);
    }

    private void KillGroup()
    {
        if (_group > 0)
        {
            _ = Kill(-_group, Sigkill);
        }
    }
}
