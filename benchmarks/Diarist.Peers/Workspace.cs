using System.Globalization;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Packs;
using Diarist.Scoring;

namespace Diarist.Peers;

/// <summary>Where everything lies.</summary>
/// <param name="Repository">The root of the repository.</param>
/// <param name="Shared">The folder with packs and audio.</param>
/// <param name="Work">A folder of our own, with node_modules in it, which holds what <see cref="Prepare"/> makes.</param>
internal sealed record Workspace(string Repository, string Shared, string Work)
{
    /// <summary>The lengths of the conversations that are made, in minutes.</summary>
    public static IReadOnlyList<int> ConversationMinutes { get; } = [5, 10, 60];

    public string OnnxRuntimeLibrary => InWork("node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1");

    public string SherpaOnnxLibrary => InWork("node_modules/sherpa-onnx-linux-x64/libsherpa-onnx-c-api.so");

    public string Segmentation => InWork("segmentation.onnx");

    /// <summary>The embedder with the input that masks frames.</summary>
    public string Embedder => InShared("packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx");

    /// <summary>The embedder without it.</summary>
    public string UnmaskedEmbedder => InWork("wespeaker-unmasked.onnx");

    /// <summary>The tool as it is published: compiled ahead of time.</summary>
    public string Tool => InWork("tool/Diarist.Cli");

    public string SileroForOnnxRuntime => InWork("silero.onnx");

    public string Silero => InShared("packs/silero-vad-v6/silero_vad_16k.safetensors");

    /// <summary>A step of the Nemotron 3 network with seeded weights.</summary>
    public string Nemotron3(Nemotron3Profile profile, bool integers) => InWork($"nemotron3-{profile.Chunk}{(integers ? "-int8" : "")}.onnx");

    /// <summary>The same weights in Q8_0.</summary>
    public string Nemotron3Gguf => InWork("nemotron3.gguf");

    /// <summary>A conversation; the shorter ones are the beginning of the longer ones.</summary>
    public string Conversation(int minutes) => InWork(string.Create(CultureInfo.InvariantCulture, $"conversation-{minutes}.wav"));

    /// <summary>The diarization error rate of turns of a conversation.</summary>
    public double ErrorRate(int minutes, IReadOnlyList<Turn> turns)
    {
        using var truth = new StreamReader(Truth(minutes));
        return DiarizationErrorRate.Compute(Rttm.Read(truth, Truth(minutes))[0].Turns, turns).Errors.Rate;
    }

    /// <summary>The samples of a conversation.</summary>
    public float[] Samples(int minutes) => AudioReader.ReadMono(Conversation(minutes));

    /// <summary>The packs.</summary>
    public PackStore OpenPacks() => PackStore.Open(new PackStoreOptions { Folder = InShared("packs") });

    /// <summary>Writes the networks and the conversations, where they are not there yet.</summary>
    public void Prepare()
    {
        Once(Segmentation, path => NetworkFiles.WriteSegmentation(InShared("packs/pyannote-segmentation-3.0/segmentation-3.0.onnx"), path));
        Once(UnmaskedEmbedder, path => NetworkFiles.WriteUnmaskedEmbedder(Embedder, path));
        Once(SileroForOnnxRuntime, path => NetworkFiles.WriteSilero(InShared("packs/silero-vad-v6/silero_vad_16k_op15.onnx"), Silero, path));
        Once(Nemotron3Gguf, path => File.WriteAllBytes(path, new SeededNemotron3().Gguf()));
        foreach (Nemotron3Profile profile in (Nemotron3Profile[])[Nemotron3Profile.Offline, Nemotron3Profile.Live32])
        {
            Once(Nemotron3(profile, integers: false), path => Nemotron3Graph.Write(path, profile, integers: false));
            Once(Nemotron3(profile, integers: true), path => Nemotron3Graph.Write(path, profile, integers: true));
        }

        foreach (int minutes in ConversationMinutes)
        {
            Once(Conversation(minutes), path => new Conversation(InShared("audio/librispeech-train-clean-100")).Write(path, Truth(minutes), minutes));
        }
    }

    private string Truth(int minutes) => Path.ChangeExtension(Conversation(minutes), ".rttm");

    private static void Once(string path, Action<string> write)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string unfinished = path + ".unfinished";
            write(unfinished);
            File.Move(unfinished, path);
        }
    }

    private string InWork(string relative) => Path.Combine(Work, relative);

    private string InShared(string relative) => Path.Combine(Shared, relative);
}
