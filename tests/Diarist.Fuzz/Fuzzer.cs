using System.Diagnostics;
using System.Security.Cryptography;

namespace Diarist.Fuzz;

/// <summary>Runs one input after the other through a target, and holds time, memory and exceptions to what is promised.</summary>
internal sealed class Fuzzer(string project, string repository, int seed)
{
    private const double FixedMilliseconds = 200;
    private const double MillisecondsPerKilobyte = 20;
    private const int Repetitions = 3;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);
    private Running? _running;

    /// <summary>What was found, in words.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>The inputs that were run, by target.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>Ends the process when one input takes far too long, after saving it. It counts its own steps, which a stopped process does not make.</summary>
    public void Watch() => new Thread(() =>
    {
        Running? seen = null;
        for (int ticks = 0; ; ticks++)
        {
            Thread.Sleep(Tick);
            Running? running = _running;
            if (running is null || running != seen)
            {
                (seen, ticks) = (running, 0);
            }
            else if (ticks * Tick > Hang && Environment.CpuUsage.TotalTime - running.Begun > Hang)
            {
                Console.WriteLine($"{running.Target.Name}: still runs after {Hang.TotalSeconds} s: {Save(running.Target, running.Input)}");
                Environment.Exit(1);
            }
        }
    })
    { IsBackground = true }.Start();

    /// <summary>Runs the committed reproducers and seeds as they are, then mutations until the count or the time is reached.</summary>
    public void Run(Target target, int inputs, TimeSpan limit)
    {
        List<byte[]> seeds = [.. Files(target).Select(File.ReadAllBytes)];
        if (seeds.Count == 0)
        {
            Findings.Add($"{target.Name}: it has no seed; put one into seeds/{target.Name}/");
            return;
        }

        // Every target has its own sequence, so that one more target changes no other.
        var mutator = new Mutator(new Random(seed ^ BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(target.Name)))));
        long begun = Stopwatch.GetTimestamp();
        int count = 0;
        foreach (byte[] input in seeds)
        {
            Check(target, input);
            count++;
        }

        for (; count < inputs && Stopwatch.GetElapsedTime(begun) < limit && Findings.Count < 20; count++)
        {
            Check(target, mutator.Next(seeds, target.Repair));
        }

        Counts[target.Name] = count;
    }

    private IEnumerable<string> Files(Target target)
    {
        foreach (string folder in (string[])["reproducers", "seeds"])
        {
            string path = Path.Combine(project, folder, target.Name);
            foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal).ToArray() : [])
            {
                yield return file;
            }
        }

        foreach (string fixtures in target.Fixtures)
        {
            string pattern = Path.Combine(repository, fixtures);
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern)).Order(StringComparer.Ordinal).Where(file => new FileInfo(file).Length < 1 << 16))
            {
                yield return file;
            }
        }
    }

    private void Check(Target target, byte[] input)
    {
        string? problem = null;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            problem = Try(target, input, out bool certain);
            if (problem is null || certain)
            {
                break;
            }
        }

        // One report for each place in the code, or for each kind of excess.
        if (problem is not null && _places.Add($"{target.Name} {problem.Split(" at ").Last()[..Math.Min(40, problem.Split(" at ").Last().Length)]}"))
        {
            Findings.Add($"{target.Name}: {problem}: {Save(target, input)}");
            Console.WriteLine(Findings[^1]);
        }
    }

    // Processor time, so that a machine with other work changes nothing; it is only believed when it is too long every time.
    private string? Try(Target target, byte[] input, out bool certain)
    {
        certain = true;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        _running = new Running(target, input, begun);
        try
        {
            target.Run(input);
        }
        catch (Exception error) when (Target.IsDocumented(error))
        {
            if (error.Message.ContainsAny('\n', '\0'))
            {
                return $"a message of several lines or with NUL: {error.Message.ReplaceLineEndings("|")}";
            }
        }
#pragma warning disable CA1031 // Whatever else comes out of a parser is what this program looks for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} {error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Diarist.", StringComparison.Ordinal))?.Trim()}";
        }
        finally
        {
            _running = null;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > target.FixedAllocation + ((long)target.AllocationFactor * input.Length))
        {
            return $"{allocated} bytes allocated for {input.Length}";
        }

        double milliseconds = (Environment.CpuUsage.TotalTime - begun).TotalMilliseconds;
        certain = false;
        return milliseconds > FixedMilliseconds + (MillisecondsPerKilobyte * input.Length / 1024) ? $"{milliseconds:0} ms for {input.Length} bytes" : null;
    }

    private string Save(Target target, byte[] input)
    {
        string folder = Directory.CreateDirectory(Path.Combine(project, "findings", target.Name)).FullName;
        string path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        File.WriteAllBytes(path, input);
        return Path.GetRelativePath(repository, path);
    }

    private sealed record Running(Target Target, byte[] Input, TimeSpan Begun);
}
