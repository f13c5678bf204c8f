using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Pipeline;

/// <summary>The packs of a recipe, from which its stages load their networks, each once.</summary>
/// <param name="packs">The packs.</param>
/// <param name="precision">The arithmetic that was asked for.</param>
internal sealed class LoadedNetworks(IReadOnlyList<LocatedPack> packs, Precision precision)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Network Network, Precision Precision), object> _loaded = [];

    /// <summary>All packs, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; } = packs;

    /// <summary>Loads a network of the recipe.</summary>
    /// <exception cref="PackException">A file of its pack is damaged or of another network.</exception>
    public T Load<T>(Network<T> network)
        where T : class => Load(network, precision);

    /// <summary>Loads a network for a recipe that stands for another system: in float32 unless something else was asked for.</summary>
    /// <exception cref="PackException">A file of its pack is damaged or of another network.</exception>
    public T LoadAsPublished<T>(Network<T> network)
        where T : class => Load(network, precision == Precision.Auto ? Precision.FloatingPoint : precision);

    private T Load<T>(Network<T> network, Precision wanted)
        where T : class
    {
        lock (_lock)
        {
            if (!_loaded.TryGetValue((network, wanted), out object? loaded))
            {
                loaded = network.Load(Packs.First(pack => pack.Pack.Id == network.Pack), wanted);
                _loaded.Add((network, wanted), loaded);
            }

            return (T)loaded;
        }
    }
}
