using System.Globalization;
using System.Runtime.InteropServices;
using Diarist.Processes;

namespace Diarist.Cli;

/// <summary>
/// Ctrl-C and the signals that ask a process to end. The first one cancels the work; what has not ended by itself after
/// <see cref="GraceMilliseconds"/> is ended here: programs stopped, temporary and unfinished files deleted, exit 128 + signal.
/// </summary>
internal static class Interruption
{
    private const int ProgramMilliseconds = 120;
    private const int GraceMilliseconds = 300;
    private static readonly CancellationTokenSource Source = new();
    private static readonly CancellationTokenSource DrainingSource = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly ManualResetEventSlim Ended = new();
    private static int _exitCode;
    private static int _graceMilliseconds;
    private static bool _gracious;
    private static int _said;
    private static bool _left;

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationToken Token => Source.Token;

    /// <summary>Cancelled by the first signal also where <see cref="Allow"/> gives time: nothing new is to be begun.</summary>
    public static CancellationToken Draining => DrainingSource.Token;

    /// <summary>Whether a signal has come.</summary>
    public static bool Requested => Volatile.Read(ref _exitCode) != 0;

    /// <summary>128 and the signal's number: 130 for Ctrl-C, which is also the code when something else cancelled.</summary>
    public static int ExitCode => Requested ? Volatile.Read(ref _exitCode) : Cli.ExitCode.Cancelled;

    /// <summary>Listens from now on.</summary>
    public static void Listen()
    {
        ulong ignored = IgnoredSignals();
        foreach ((PosixSignal signal, int number) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3)])
        {
            // What nohup or a shell's background job ignores stays ignored.
            if ((ignored & (1UL << (number - 1))) == 0)
            {
                Registrations.Add(PosixSignalRegistration.Create(signal, context => Handle(context, 128 + number)));
            }
        }
    }

    /// <summary>Gives what is at work this time to end after SIGTERM; a second signal, and Ctrl-C at once, end it.</summary>
    public static void Allow(TimeSpan grace) => Volatile.Write(ref _graceMilliseconds, (int)grace.TotalMilliseconds);

    /// <summary>As <see cref="Allow"/>, after every signal: for work that has no other end. A second signal ends it at once.</summary>
    public static void AllowAlways(TimeSpan grace)
    {
        Volatile.Write(ref _gracious, true);
        Allow(grace);
    }

    /// <summary>From now on signals do nothing: the process that started this one decides, and ends this one's input.</summary>
    public static void LeaveToParent() => Volatile.Write(ref _left, true);

    /// <summary>Says that the work was cancelled, or how far it came; once, whoever is first.</summary>
    public static void Say(string what = "cancelled")
    {
        if (Interlocked.Exchange(ref _said, 1) == 0)
        {
            Console.Error.WriteLine($"diarist: {what}");
        }
    }

    private static void Handle(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (Volatile.Read(ref _left))
        {
            return;
        }

        bool first = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        int grace = exitCode == Cli.ExitCode.Terminated || Volatile.Read(ref _gracious) ? Volatile.Read(ref _graceMilliseconds) : 0;
        if (first)
        {
            new Thread(() => DrainingSource.Cancel()) { IsBackground = true, Name = "draining" }.Start();
            new Thread(() => EndAfter(grace)) { IsBackground = true, Name = "end of the process" }.Start();
        }
        else
        {
            Ended.Set();
        }
    }

    private static void EndAfter(int grace)
    {
        Ended.Wait(grace);
        new Thread(() => Source.Cancel()) { IsBackground = true, Name = "cancellation" }.Start();
        EndLate();
    }

    private static void EndLate()
    {
        // A read from a program that hangs ends only with the program.
        Thread.Sleep(ProgramMilliseconds);
        HostShutdown.StopPrograms();
        Thread.Sleep(GraceMilliseconds - ProgramMilliseconds);
        HostShutdown.CleanUp();
        var message = new Thread(() => Say()) { IsBackground = true };
        message.Start();
        message.Join(20);
        Environment.Exit(ExitCode);
    }

    private static ulong IgnoredSignals()
    {
        const string Field = "SigIgn:";
        try
        {
            string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
            return line is not null && ulong.TryParse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong mask) ? mask : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
