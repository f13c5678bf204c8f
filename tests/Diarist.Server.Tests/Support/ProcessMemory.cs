using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Diarist.Server.Tests.Support;

/// <summary>What a process of this machine has in memory, as a dump of it would show (Linux).</summary>
internal sealed class ProcessMemory
{
    /// <summary>Bytes that are compared; shorter ones could be anywhere by chance.</summary>
    private const int RunBytes = 32;

    private const int LongBytes = 16 << 10;
    private const int BlockBytes = 4 << 20;
    private const int TableBits = 20;

    private readonly Dictionary<ulong, List<(string Name, byte[] Run)>> _runs = [];
    private readonly bool[] _table = new bool[1 << TableBits];

    /// <summary>Looks for bytes: for a run of 32 in every 256 of long ones, and for all runs of short ones.</summary>
    /// <param name="name">What results call them.</param>
    /// <param name="bytes">The bytes. Runs of few different values, such as silence, are left out.</param>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        int before = _runs.Count;
        int step = bytes.Length > LongBytes ? 8 * RunBytes : RunBytes;
        for (int start = 0; start + RunBytes <= bytes.Length; start += step)
        {
            byte[] run = bytes.Slice(start, RunBytes).ToArray();
            if (run.Distinct().Count() >= RunBytes / 3)
            {
                ulong first = MemoryMarshal.Read<ulong>(run);
                _table[PlaceOf((uint)first)] = true;
                _runs.TryAdd(first, []);
                _runs[first].Add((name, run));
            }
        }

        Assert.True(_runs.Count > before, $"{name}: nothing to look for");
    }

    /// <summary>The names of what is in the memory of a process.</summary>
    public IReadOnlyList<string> FindIn(int process)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        byte[] block = new byte[BlockBytes + RunBytes];
        using FileStream memory = File.OpenRead($"/proc/{process}/mem");
        foreach ((long start, long end) in Maps(process))
        {
            int kept = 0;
            for (long at = start; at < end;)
            {
                int read = Read(memory, at, block.AsSpan(kept, (int)Math.Min(BlockBytes, end - at)));
                if (read <= 0)
                {
                    break;
                }

                Search(block.AsSpan(0, kept + read), found);
                at += read;
                int held = kept + read;
                kept = Math.Min(RunBytes - 1, held);
                block.AsSpan(held - kept, kept).CopyTo(block);
            }
        }

        return [.. found];
    }

    private static int PlaceOf(uint bytes) => (int)((bytes * 2654435761u) >> (32 - TableBits));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Search(ReadOnlySpan<byte> held, SortedSet<string> found)
    {
        for (int at = 0; at <= held.Length - RunBytes; at++)
        {
            uint four = MemoryMarshal.Read<uint>(held[at..]);
            if (four == 0)
            {
                // Most of the memory is zeros.
                int zeros = held[at..].IndexOfAnyExcept((byte)0);
                at = zeros < 0 ? held.Length : at + Math.Max(0, zeros - sizeof(uint));
                continue;
            }

            if (_table[PlaceOf(four)] && _runs.TryGetValue(MemoryMarshal.Read<ulong>(held[at..]), out List<(string Name, byte[] Run)>? runs))
            {
                foreach ((string name, byte[] run) in runs)
                {
                    if (held[at..].StartsWith(run))
                    {
                        found.Add(name);
                    }
                }
            }
        }
    }

    /// <summary>The readable ranges, but for files that are mapped and cannot be written.</summary>
    private static IEnumerable<(long Start, long End)> Maps(int process)
    {
        foreach (string line in File.ReadLines($"/proc/{process}/maps"))
        {
            // Range, rights, offset, device, inode, path.
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] range = parts[0].Split('-');
            bool fileToRead = parts[4] != "0" && parts[1][1] != 'w';
            bool kernels = parts.Length > 5 && parts[5].StartsWith("[v", StringComparison.Ordinal);
            if (parts[1][0] == 'r' && !fileToRead && !kernels)
            {
                yield return (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }
    }

    private static int Read(FileStream memory, long at, Span<byte> bytes)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, bytes, at);
        }
        catch (IOException)
        {
            // A range that the process gave back meanwhile.
            return 0;
        }
    }
}
