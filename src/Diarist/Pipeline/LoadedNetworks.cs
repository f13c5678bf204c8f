using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Pipeline;

/// <summary>The packs of a recipe, from which its stages load their networks.</summary>
internal sealed class LoadedNetworks(IReadOnlyList<LocatedPack> packs)
{
    /// <summary>All packs, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; } = packs;

    /// <summary>Loads a network of the recipe.</summary>
    /// <exception cref="PackException">A file of its pack is damaged or of another network.</exception>
    public T Load<T>(Network<T> network) => network.Load(Packs.First(pack => pack.Pack.Id == network.Pack));
}
