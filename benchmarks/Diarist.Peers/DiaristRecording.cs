using System.Globalization;

namespace Diarist.Peers;

/// <summary>A recording of a length and how it is diarized.</summary>
internal sealed record Recording(Recipe Recipe, int Minutes)
{
    /// <summary>Its name on the command line.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Recipe}-{Minutes}");
}

/// <summary>A recording from file to turns in the library, networks loaded before.</summary>
internal sealed class DiaristRecording(Workspace workspace, Recording recording, int threads) : IWorkload
{
    private readonly Diarizer _diarizer = Diarizer.Create(
        workspace.OpenPacks(),
        new DiarizerOptions
        {
            Recipe = recording.Recipe,
            Threads = threads,
            Speakers = Conversation.Voices,
            Clock = TimeProvider.System,
        });

    public double Items => 1;

    public bool RunsOnce => true;

    public IReadOnlyDictionary<string, double>? Stages { get; private set; }

    public double? ErrorRate { get; private set; }

    public void Run()
    {
        Diarization diarization = _diarizer.Diarize(workspace.Conversation(recording.Minutes));
        DiarizationTiming timing = diarization.Timing!;
        Stages = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["Decoding"] = timing.Decoding,
            ["Segmentation"] = timing.Segmentation,
            ["Embedding"] = timing.Embedding,
            ["Clustering"] = timing.Clustering,
            ["Reconstruction"] = timing.Reconstruction,
        };
        ErrorRate = workspace.ErrorRate(recording.Minutes, diarization.Turns);
    }

    public void Dispose()
    {
    }
}
