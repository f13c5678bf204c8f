using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Diarist.Processes;

namespace Diarist.Cli.Batch;

/// <summary>The other end of <see cref="BatchWork"/>: a process of this program that does the work of a batch, so that what crashes it is survived.</summary>
internal sealed class WorkProcess : IDisposable
{
    private readonly ExternalProgram _program;
    private readonly Channel<WorkAnswer> _answers = Channel.CreateUnbounded<WorkAnswer>();
    private readonly Lock _lock = new();

    private WorkProcess(ExternalProgram program)
    {
        _program = program;
        new Thread(Read) { IsBackground = true, Name = "answers" }.Start();
    }

    /// <summary>What it answers; the channel ends with the process.</summary>
    public ChannelReader<WorkAnswer> Answers => _answers.Reader;

    /// <summary>Whether it has loaded the networks; one that ends before could not.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Starts a process that serves the command line of this one.</summary>
    /// <param name="arguments">Arguments for this program.</param>
    /// <exception cref="InputException">It does not start.</exception>
    public static WorkProcess Start(IReadOnlyList<string> arguments)
    {
        string self = Environment.ProcessPath!;
        string program = Environment.GetCommandLineArgs()[0];
        string[] host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [program] : [];
        try
        {
            return new WorkProcess(ExternalProgram.Start(self, [.. host, .. arguments]));
        }
        catch (Win32Exception error)
        {
            throw new InputException(self, $"cannot be started: {error.Message}", error);
        }
    }

    /// <summary>Sends a request. A process that has ended takes none; its answers say so.</summary>
    public void Send(WorkRequest request)
    {
        try
        {
            lock (_lock)
            {
                _program.Input.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, BatchJson.Default.WorkRequest), (byte)'\n']);
                _program.Input.Flush();
            }
        }
        catch (IOException)
        {
            // The end of the answers tells it.
        }
    }

    /// <summary>Ends the process and all that it started, and says how it ended.</summary>
    /// <returns>Its exit code, and what it said last.</returns>
    public (int ExitCode, string Said) End()
    {
        _program.Stop();
        _program.WaitForExit();
        return (_program.ExitCode, _program.ErrorOutput.First ?? "");
    }

    /// <summary>Waits for a process that ends by itself.</summary>
    /// <returns>As <see cref="End"/>.</returns>
    public (int ExitCode, string Said) WaitForEnd()
    {
        _program.WaitForExit();
        return (_program.ExitCode, _program.ErrorOutput.First ?? "");
    }

    /// <summary>The memory in use by the process and what it started, in bytes.</summary>
    public long Memory() => ProcessMemory.OfTree(_program.Id);

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    private void Read()
    {
        try
        {
            using var reader = new StreamReader(_program.Output, new UTF8Encoding(false), false, 1 << 16);
            while (reader.ReadLine() is { } line)
            {
                WorkAnswer answer = JsonSerializer.Deserialize(line, BatchJson.Default.WorkAnswer)!;
                IsReady |= answer.Kind == WorkAnswer.Ready;
                _answers.Writer.TryWrite(answer);
            }
        }
        catch (Exception error) when (error is IOException or JsonException or ObjectDisposedException or InvalidOperationException)
        {
            // A process that is killed leaves half a line.
        }

        _answers.Writer.TryComplete();
    }
}

/// <summary>What memory processes use.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident memory of a process and, on Linux, of all that descend from it, in bytes.</summary>
    public static long OfTree(int root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Own(root);
        }

        var processes = new Dictionary<int, (int Parent, long Bytes)>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && TryRead(folder, out int parent, out long bytes))
            {
                processes[process] = (parent, bytes);
            }
        }

        return processes.Where(pair => Descends(pair.Key)).Sum(pair => pair.Value.Bytes);

        bool Descends(int process)
        {
            for (int steps = 0; steps < 64 && process != root; steps++)
            {
                if (!processes.TryGetValue(process, out var entry))
                {
                    return false;
                }

                process = entry.Parent;
            }

            return process == root;
        }
    }

    private static bool TryRead(string folder, out int parent, out long bytes)
    {
        (parent, bytes) = (0, 0);
        try
        {
            // pid (name) state parent …; the name may hold anything, also parentheses. The 24th field is the resident pages.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
            bytes = long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static long Own(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.WorkingSet64;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }
}
