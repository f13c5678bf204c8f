using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>The layers of the ResNet34's trunk in one arithmetic.</summary>
internal interface ITrunkLayers
{
    /// <summary>Runs all layers.</summary>
    /// <param name="input">Shape (80, frames, 1).</param>
    /// <param name="columns">Which columns are needed.</param>
    /// <param name="sharing">Where other threads may join the loops, or null; not used in float32.</param>
    /// <param name="cancellationToken">Stops the work within a few milliseconds.</param>
    /// <returns>Shape (10, rows wanted, 256), to be disposed of by the caller.</returns>
    FeatureMap Run(FeatureMap input, TrunkColumns columns, SharedLoops? sharing, CancellationToken cancellationToken);
}
