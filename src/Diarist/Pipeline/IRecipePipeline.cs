using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>The stages of one recipe, with their networks; one instance serves many recordings at the same time.</summary>
internal interface IRecipePipeline
{
    /// <summary>Diarizes one recording.</summary>
    /// <param name="read">Mono 16 kHz samples; called by one thread at a time.</param>
    /// <param name="report">Told the stage and the seconds of audio that are done, from the threads that do the work.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken);
}
