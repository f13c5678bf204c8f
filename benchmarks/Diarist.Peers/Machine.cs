using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Diarist.Peers;

/// <summary>What results depend on, and nothing that says whose machine it is.</summary>
internal sealed partial record Machine(string Processor, int Cores, string InstructionSets, string System, string DotNet)
{
    /// <summary>The machine that this runs on.</summary>
    public static Machine Current { get; } = new(
        FromFile("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        DescribeInstructionSets(),
        FromFile("/etc/os-release", "PRETTY_NAME") ?? RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <summary>The name of its folder under results/, for instance <c>amd-epyc-2-cores-avx-512</c>.</summary>
    public string Folder => NotInNames().Replace($"{Processor} {Cores} cores {InstructionSets.Split(',')[0]}".ToLowerInvariant(), "-").Trim('-');

    private static string DescribeInstructionSets()
    {
        (string Name, bool Has)[] sets =
        [
            ("AVX-512", Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("SSE4.2", Sse42.IsSupported),
        ];
        return sets.Any(set => set.Has) ? string.Join(", ", sets.Where(set => set.Has).Select(set => set.Name)) : "no x86 vectors";
    }

    /// <summary>The value of the first line <c>key : value</c> or <c>key="value"</c>.</summary>
    private static string? FromFile(string path, string key)
    {
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[key.Length..].Trim(' ', '\t', ':', '=', '"');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInNames();
}
