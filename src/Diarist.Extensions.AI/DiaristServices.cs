using Diarist.Packs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Diarist.Extensions.AI;

/// <summary>Diarist in a service collection.</summary>
public static class DiaristServices
{
    /// <summary>Adds one <see cref="Diarizer"/> for all who ask; its networks are loaded when the first one does.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How to diarize; the defaults when <see langword="null"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDiarist(this IServiceCollection services, DiarizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => Diarizer.Create(PackStore.Open(), options));
        return services;
    }
}
