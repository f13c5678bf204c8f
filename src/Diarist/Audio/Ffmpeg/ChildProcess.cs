using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Diarist.Processes;

namespace Diarist.Audio.Ffmpeg;

/// <summary>
/// A program that writes to standard output, within bounds: it has no input, its output waits in a bounded queue, of its
/// messages the first lines are kept, silence beyond a limit ends it, and with it goes everything that it started.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private const int BlocksWaiting = 4;
    private const int MostMessageBytes = 8 << 10;
    private const int KillSignal = 9;

    // Puts the program into a process group of its own, so that programs which outlive their parents can be ended too.
    private const string SessionStarter = "/usr/bin/setsid";
    private const int CommandNotFound = 127;

    // How long a pipe that others hold open is watched after the program itself has ended.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly bool _isGroup;
    private readonly string _name;
    private readonly TimeSpan _patience;
    private readonly BlockingCollection<byte[]> _blocks = new(BlocksWaiting);
    private readonly CancellationTokenSource _disposing = new();
    private readonly StringBuilder _messages = new();
    private readonly Thread _messageReader;
    private long _received;
    private long _receivedAtFirstMessage = -1;

    private ChildProcess(Process process, bool isGroup, string name, TimeSpan patience)
    {
        (_process, _isGroup, _name, _patience) = (process, isGroup, name, patience);
        HostShutdown.AddProgram(this, Stop);
        process.StandardInput.Close();
        new Thread(ReadOutput) { IsBackground = true, Name = name + " output" }.Start();
        _messageReader = new Thread(ReadMessages) { IsBackground = true, Name = name + " messages" };
        _messageReader.Start();
    }

    /// <summary>The bytes of output that had arrived when the first message came; <see langword="null"/> while there is none.</summary>
    public long? ReceivedAtFirstMessage => Volatile.Read(ref _receivedAtFirstMessage) is >= 0 and long bytes ? bytes : null;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <param name="patience">How long it may be silent.</param>
    /// <returns>The program, or <see langword="null"/> where there is none of this name.</returns>
    public static ChildProcess? Start(string program, IReadOnlyList<string> arguments, TimeSpan patience)
    {
        bool isGroup = File.Exists(SessionStarter);
        var start = new ProcessStartInfo(isGroup ? SessionStarter : program, isGroup ? [program, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return new ChildProcess(Process.Start(start)!, isGroup, program, patience);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Its output, which ends where it ends.</summary>
    /// <exception cref="TimeoutException">On reading: it was silent for too long and has been stopped.</exception>
    public Stream Output => new BlockStream(this);

    /// <summary>Waits for its end, once the output has ended.</summary>
    /// <returns>Its exit code; <see langword="null"/> when there was no such program.</returns>
    /// <exception cref="TimeoutException">It does not end and has been stopped.</exception>
    public int? WaitForExit()
    {
        if (!_process.WaitForExit(_patience))
        {
            Stop();
            throw new TimeoutException($"{_name} ended its output but did not end within {_patience.TotalSeconds:0.#} s and was stopped");
        }

        _messageReader.Join(Linger);
        bool missing = _isGroup && _process.ExitCode == CommandNotFound && Messages().Any(line => line.StartsWith("setsid: ", StringComparison.Ordinal));
        return missing ? null : _process.ExitCode;
    }

    /// <summary>The first lines of what it had to say.</summary>
    public string[] Messages()
    {
        lock (_messages)
        {
            return _messages.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        HostShutdown.Remove(this);
        _disposing.Cancel();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Stop()
    {
        try
        {
            if (_isGroup)
            {
                // The group, whose number is the program's own; it may live on when the program has ended.
                _ = SendSignal(-_process.Id, KillSignal);
            }

            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void ReadOutput()
    {
        try
        {
            Stream output = _process.StandardOutput.BaseStream;
            byte[] block = new byte[BlockBytes];
            for (int read; (read = output.Read(block)) > 0;)
            {
                Interlocked.Add(ref _received, read);
                _blocks.Add(block[..read], _disposing.Token);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Nobody wants the rest.
        }
        finally
        {
            _blocks.CompleteAdding();
        }
    }

    private void ReadMessages()
    {
        try
        {
            using StreamReader reader = _process.StandardError;
            char[] piece = new char[1024];
            for (int read; (read = reader.Read(piece)) > 0;)
            {
                if (ReceivedAtFirstMessage is null)
                {
                    Volatile.Write(ref _receivedAtFirstMessage, Interlocked.Read(ref _received));
                }

                lock (_messages)
                {
                    _messages.Append(piece, 0, Math.Min(read, MostMessageBytes - _messages.Length));
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    /// <summary>The next block of output; <see langword="null"/> at the end.</summary>
    private byte[]? NextBlock()
    {
        var silence = Stopwatch.StartNew();
        var ended = new Stopwatch();
        while (true)
        {
            if (_blocks.TryTake(out byte[]? block, TimeSpan.FromMilliseconds(200)))
            {
                return block;
            }

            if (_blocks.IsCompleted || ended.Elapsed > Linger)
            {
                return null;
            }

            if (_process.HasExited)
            {
                ended.Start();
            }
            else if (silence.Elapsed > _patience)
            {
                Stop();
                throw new TimeoutException($"{_name} delivered nothing for {_patience.TotalSeconds:0.#} s and was stopped");
            }
        }
    }

    private sealed class BlockStream(ChildProcess process) : Stream
    {
        private byte[]? _block = [];
        private int _next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            while (_block is not null && _next == _block.Length)
            {
                (_block, _next) = (process.NextBlock(), 0);
            }

            if (_block is null)
            {
                return 0;
            }

            int count = Math.Min(buffer.Length, _block.Length - _next);
            _block.AsSpan(_next, count).CopyTo(buffer);
            _next += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
