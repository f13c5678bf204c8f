using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Diarist.Processes;

namespace Diarist.Audio.Ffmpeg;

/// <summary>
/// A program that writes to standard output, within bounds: it has no input, its output waits in a bounded queue, and
/// silence beyond a limit ends it with everything that it started.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private const int BlocksWaiting = 4;

    // How long a pipe that others hold open is watched after the program itself has ended.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly ExternalProgram _program;
    private readonly TimeSpan _patience;
    private readonly BlockingCollection<byte[]> _blocks = new(BlocksWaiting);
    private readonly CancellationTokenSource _disposing = new();
    private readonly ManualResetEventSlim _ended = new();
    private long _received;
    private long _receivedAtFirstMessage = -1;

    private ChildProcess(ExternalProgram program, TimeSpan patience)
    {
        (_program, _patience) = (program, patience);
        program.Input.Close();
        new Thread(ReadOutput) { IsBackground = true, Name = program.Name + " output" }.Start();
        new Thread(AwaitEnd) { IsBackground = true, Name = program.Name + " end" }.Start();
    }

    /// <summary>About how many bytes of output had arrived when the first message came; <see langword="null"/> while there is none.</summary>
    public long? ReceivedAtFirstMessage =>
        _program.ErrorOutput.Count == 0 ? null : Volatile.Read(ref _receivedAtFirstMessage) is >= 0 and long bytes ? bytes : Interlocked.Read(ref _received);

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <param name="patience">How long it may be silent.</param>
    /// <returns>The program, or <see langword="null"/> where there is none of this name.</returns>
    public static ChildProcess? Start(string program, IReadOnlyList<string> arguments, TimeSpan patience)
    {
        try
        {
            return new ChildProcess(ExternalProgram.Start(program, arguments), patience);
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
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It does not end and has been stopped.</exception>
    public int WaitForExit()
    {
        if (_ended.Wait(_patience))
        {
            return _program.ExitCode;
        }

        _program.Stop();
        throw new TimeoutException($"{_program.Name} ended its output but did not end within {_patience.TotalSeconds:0.#} s and was stopped");
    }

    /// <summary>What it had to say, with the file's address as the user knows it; <see langword="null"/> when it said nothing.</summary>
    public string? Message(FfmpegInput input)
    {
        ErrorOutput errors = _program.ErrorOutput;
        string? first = errors.First is { } line ? Address().Replace(line, "").Replace(input.Url, "the file", StringComparison.Ordinal) : null;
        return errors.Count > 1 ? $"{first} (and {errors.Count - 1} more)" : first;
    }

    // Where in memory a part of ffmpeg lies differs from run to run and says nothing.
    [GeneratedRegex(" @ 0x[0-9a-f]+(?=\\])")]
    private static partial Regex Address();

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposing.Cancel();
        _program.Dispose();
    }

    private void AwaitEnd()
    {
        try
        {
            // Also ends what the program leaves behind, so that its output ends.
            _program.WaitForExit();
            _ended.Set();
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException or Win32Exception)
        {
            // It was stopped.
        }
    }

    private void ReadOutput()
    {
        try
        {
            byte[] block = new byte[BlockBytes];
            for (int read; (read = _program.Output.Read(block)) > 0;)
            {
                if (_receivedAtFirstMessage < 0 && _program.ErrorOutput.Count > 0)
                {
                    Volatile.Write(ref _receivedAtFirstMessage, _received);
                }

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

    /// <summary>The next block of output; <see langword="null"/> at the end.</summary>
    private byte[]? NextBlock()
    {
        var silence = Stopwatch.StartNew();
        var lingering = new Stopwatch();
        while (true)
        {
            if (_blocks.TryTake(out byte[]? block, TimeSpan.FromMilliseconds(200)))
            {
                return block;
            }

            if (_blocks.IsCompleted || lingering.Elapsed > Linger)
            {
                return null;
            }

            if (_ended.IsSet)
            {
                lingering.Start();
            }
            else if (silence.Elapsed > _patience)
            {
                _program.Stop();
                throw new TimeoutException($"{_program.Name} delivered nothing for {_patience.TotalSeconds:0.#} s and was stopped");
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
