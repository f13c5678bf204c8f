using System.Diagnostics;
using System.Globalization;
using Diarist.Inference;
using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Benchmarks;

/// <summary>
/// How long the networks inside take from the assembly to a network that runs: the first time in the process, and the median of
/// nine more times. "Read" is what makes tensors of the file: its hash and its header. "Load" is that, widening and packing for the kernels.
/// </summary>
internal static class LoadingSpeed
{
    private const int Times = 9;

    public static void Run(int threads)
    {
        (string Name, Action Read, Action Load)[] networks =
        [
            Of(Network.Segmentation, threads, "segmentation-3.0.safetensors"),
            Of(Network.Embedder, threads, "wespeaker_resnet34_lm.safetensors"),
            Of(Network.VoiceActivity, threads, "silero_vad_16k.safetensors"),
            Of(Network.Plda, threads, "xvec_transform.npz", "plda.npz"),
        ];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"threads {threads}; milliseconds: first time (median of {Times} more)"));
        Write("all", "read", () => Array.ForEach(networks, network => network.Read()));
        foreach ((string name, Action read, Action load) in networks)
        {
            Write(name, "read", read);
            Write(name, "load", load);
        }

        Write("all", "load", () => Array.ForEach(networks, network => network.Load()));

        // The largest first, as the tool does it, and the others beside it one after another.
        if (threads > 1)
        {
            Write("all, side by side", "load", () => Parallel.Invoke(networks[1].Load, () => Array.ForEach([networks[0], networks[2], networks[3]], network => network.Load())));
        }
    }

    // Each time the pack is found anew, so that its files are hashed each time.
    private static (string Name, Action Read, Action Load) Of<T>(Network<T> network, int threads, params string[] files)
    {
        LocatedPack Find() => InsidePacks.Find(network.Pack, PackCatalog.BuiltIn)!;
        void Read()
        {
            LocatedPack pack = Find();
            foreach (string file in files)
            {
                ReadOnlyMemory<byte> bytes = pack.Read(file);
                _ = file.EndsWith(".npz", StringComparison.Ordinal) ? (object)Npz.Read(bytes, file) : SafeTensors.Read(bytes, file);
            }
        }

        return (network.Pack, Read, () => network.Load(Find(), Precision.Auto, threads));
    }

    private static void Write(string name, string what, Action action)
    {
        double first = Measure(action);
        double[] more = [.. Enumerable.Range(0, Times).Select(_ => Measure(action)).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {what}  {first,7:0.0} ({more[Times / 2]:0.0})"));
    }

    private static double Measure(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
