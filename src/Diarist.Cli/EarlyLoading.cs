using Diarist.Packs;

namespace Diarist.Cli;

/// <summary>
/// Begins to load the networks inside before the command line is understood, on another thread: at that time the other processors have nothing to do.
/// The command takes what is loaded, because a process has the networks inside once. A wrong guess costs time, never a result.
/// </summary>
internal static class EarlyLoading
{
    // With one of these the networks may be other ones, or nothing runs at all.
    private static readonly string[] OtherNetworks = ["--packs", "--catalog", "--recipe", "--networks", "--precision", "--threads", "--server", "--help", "-h", "-?"];

    private static Thread? s_thread;
    private static Diarizer? s_loaded;

    /// <summary>Begins, where the command line looks as if the networks inside will be used.</summary>
    /// <param name="args">The command line.</param>
    public static void Begin(string[] args)
    {
        if (Environment.ProcessorCount > 1 && args is ["diarize", _, ..] && Array.Exists(args, IsRecording)
            && !Array.Exists(args, word => Array.Exists(OtherNetworks, option => word.StartsWith(option, StringComparison.Ordinal))))
        {
            s_thread = new Thread(Load) { IsBackground = true, Name = "Diarist loading" };
            s_thread.Start();
        }
    }

    /// <summary>Waits for the end of what was begun: a second thread that wants the same networks would keep another one from loading them.</summary>
    public static void Join() => s_thread?.Join();

    /// <summary>Lets go of what was loaded, once the command has its own.</summary>
    public static void Release() => s_loaded = null;

    // Where nothing is to be read, an error ends the command sooner without the networks.
    private static bool IsRecording(string word) => word == "-" || File.Exists(word);

    private static void Load()
    {
        try
        {
            var store = PackStore.Open();
            if (Diarizer.PacksFor().All(id => store.Find(id) is { IsInside: true }))
            {
                s_loaded = Diarizer.Create(store);
            }
        }
        catch (Exception error) when (error is DiaristException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not hidden: the command meets the same error and tells it.
        }
    }
}
