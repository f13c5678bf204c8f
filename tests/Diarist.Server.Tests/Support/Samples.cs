using Diarist.Audio;

namespace Diarist.Server.Tests.Support;

/// <summary>Recordings for tests: the sample of the repository, and short pieces of it.</summary>
internal static class Samples
{
    private static readonly Lazy<float[]> Whole = new(() => AudioReader.ReadMono(Conversation));

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The sample: 90 s, four people.</summary>
    public static string Conversation => Path.Combine(Root, "samples", "conversation.flac");

    /// <summary>The sample's first seconds as a WAV file in a folder.</summary>
    public static string Piece(string folder, double seconds, string name = "piece.wav", double from = 0)
    {
        string path = Path.Combine(folder, name);
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        wav.Write(Whole.Value.AsSpan((int)(from * MonoStream.SampleRate), (int)(seconds * MonoStream.SampleRate)));
        wav.Complete();
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Diarist.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
