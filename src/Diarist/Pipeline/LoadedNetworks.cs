using System.Collections.Concurrent;
using System.Globalization;
using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Pipeline;

/// <summary>The packs of a recipe, from which its stages load their networks.</summary>
/// <param name="packs">The packs.</param>
/// <param name="precision">The arithmetic that was asked for.</param>
/// <param name="threads">Threads that may share the loading of a network, 1 or more.</param>
internal sealed class LoadedNetworks(IReadOnlyList<LocatedPack> packs, Precision precision, int threads)
{
    // The networks inside are the same for everyone in the process: who comes second takes those of the first while they are in use.
    private static readonly Dictionary<string, WeakReference<Lazy<object>>> Inside = [];

    private readonly ConcurrentDictionary<string, Lazy<object>> _loaded = new(StringComparer.Ordinal);

    /// <summary>All packs, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; } = packs;

    /// <summary>Loads a network of the recipe.</summary>
    /// <exception cref="PackException">A file of its pack is damaged or of another network.</exception>
    public T Load<T>(Network<T> network) => Load(network, precision);

    /// <summary>Loads a network for a recipe that stands for another system: in float32 unless something else was asked for.</summary>
    /// <exception cref="PackException">A file of its pack is damaged or of another network.</exception>
    public T LoadAsPublished<T>(Network<T> network) => Load(network, precision == Precision.Auto ? Precision.FloatingPoint : precision);

    /// <summary>Loads two networks of the recipe side by side, the second beside this thread where there may be more than one.</summary>
    /// <param name="first">The one that this thread loads.</param>
    /// <param name="second">The other one.</param>
    /// <exception cref="PackException">A file of a pack is damaged or of another network; that of the first network where both are.</exception>
    public (TFirst First, TSecond Second) Load<TFirst, TSecond>(Network<TFirst> first, Network<TSecond> second)
    {
        if (threads < 2)
        {
            return (Load(first), Load(second));
        }

        Task<TSecond> other = Task.Run(() => Load(second));
        TFirst loaded;
        try
        {
            loaded = Load(first);
        }
        catch
        {
            // Not left running behind the caller's back; what it may throw is less than what is thrown here.
            ((IAsyncResult)other).AsyncWaitHandle.WaitOne();
            throw;
        }

        return (loaded, other.GetAwaiter().GetResult());
    }

    // Pipelines with other options share the networks of the first one.
    private T Load<T>(Network<T> network, Precision wanted) => (T)_loaded.GetOrAdd(KeyOf(network, wanted), _ => Find(network, wanted)).Value;

    private static string KeyOf<T>(Network<T> network, Precision wanted) => string.Concat(network.Kind, "/", ((int)wanted).ToString(CultureInfo.InvariantCulture));

    private Lazy<object> Find<T>(Network<T> network, Precision wanted)
    {
        LocatedPack pack = Packs.First(pack => pack.Pack.Id == network.Pack);
        var load = new Lazy<object>(() => network.Load(pack, wanted, threads)!);
        if (!pack.IsInside)
        {
            return load;
        }

        lock (Inside)
        {
            if (Inside.TryGetValue(KeyOf(network, wanted), out WeakReference<Lazy<object>>? known) && known.TryGetTarget(out Lazy<object>? loaded))
            {
                return loaded;
            }

            Inside[KeyOf(network, wanted)] = new WeakReference<Lazy<object>>(load);
            return load;
        }
    }
}
