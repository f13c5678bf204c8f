namespace Diarist.Peers;

/// <summary>A recording from file to turns in the library, networks loaded before.</summary>
internal sealed class DiaristRecording(Workspace workspace, string embedder, int minutes, int threads) : IWorkload
{
    private readonly Diarizer _diarizer = Diarizer.Create(
        workspace.OpenPacks(), new DiarizerOptions { Embedder = embedder, Threads = threads, Speakers = Conversation.Voices, Clock = TimeProvider.System });

    public double Items => 1;

    public bool RunsOnce => true;

    public IReadOnlyDictionary<string, double>? Stages { get; private set; }

    public void Run()
    {
        Diarization diarization = _diarizer.Diarize(workspace.Conversation(minutes));
        Stages = diarization.Timing;
        if (diarization.Turns.Count == 0)
        {
            throw new InvalidOperationException("Diarist found nobody in speech");
        }
    }

    public void Dispose()
    {
    }
}
