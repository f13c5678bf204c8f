using System.Globalization;
using Diarist.Networks.WeSpeaker;

namespace Diarist.Peers;

/// <summary>A recording and how it is embedded.</summary>
internal sealed record Recording(string Embedder, EmbeddingWindows Windows, int Minutes)
{
    /// <summary>Its name on the command line.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Embedder}-{Windows}-{Minutes}");

    /// <summary>The embedder as tables name it.</summary>
    public string Title => Windows == EmbeddingWindows.Shared ? Embedder + ", shared trunk" : Embedder;
}

/// <summary>A recording from file to turns in the library, networks loaded before.</summary>
internal sealed class DiaristRecording(Workspace workspace, Recording recording, int threads) : IWorkload
{
    private readonly Diarizer _diarizer = Diarizer.Create(
        workspace.OpenPacks(),
        new DiarizerOptions
        {
            Embedder = recording.Embedder,
            EmbeddingWindows = recording.Windows,
            Threads = threads,
            Speakers = Conversation.Voices,
            Clock = TimeProvider.System,
        });

    public double Items => 1;

    public bool RunsOnce => true;

    public IReadOnlyDictionary<string, double>? Stages { get; private set; }

    public void Run()
    {
        Diarization diarization = _diarizer.Diarize(workspace.Conversation(recording.Minutes));
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
