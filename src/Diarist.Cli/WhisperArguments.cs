using System.CommandLine;
using Diarist.Asr.Whisper;
using Diarist.Cli.Commands;
using Diarist.Packs;
using Diarist.VoiceActivity;

namespace Diarist.Cli;

/// <summary>Whisper in this process: its models by name or path, and its native library, as packs that are fetched when the user agrees.</summary>
internal static class WhisperArguments
{
    private const string PackPrefix = "whisper-";

    /// <summary>The names of the models that are packs, as <c>--model</c> takes them.</summary>
    public static IReadOnlyList<string> Models { get; } = ["tiny", "base", "small", "medium", "large-v3-turbo"];

    /// <summary>The pack of a model.</summary>
    public static string PackOf(string model) => PackPrefix + model;

    /// <summary>Loads the model and what it needs.</summary>
    public static async Task<WhisperTranscriber> LoadAsync(ParseResult parsed, PacksOptions packs, string model, string? language, string? prompt, CancellationToken cancellationToken)
    {
        bool named = Models.Contains(model);
        if (!named && !File.Exists(model))
        {
            throw new UsageException($"there is no file '{model}', and no Whisper model of that name; --model takes {string.Join(", ", Models)}, or the path of a model.");
        }

        PackStore store = packs.Open(parsed);
        List<string> required = [.. SpeechDetector.RequiredPacks];
        if (named)
        {
            required.Add(PackOf(model));
        }

        if (!WhisperRuntime.IsBesideProgram)
        {
            required.Add(WhisperRuntime.Pack);
        }

        IReadOnlyList<LocatedPack> found = await packs.RequireAsync(parsed, store, cancellationToken, required).ConfigureAwait(false);
        string path = named ? await Task.Run(() => PathOf(found, model), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false) : model;
        var options = new WhisperTranscriberOptions(path) { Language = language, Prompt = prompt, Runtime = store };
        try
        {
            return await WhisperTranscriber.LoadAsync(options, SpeechDetector.Create(store), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }
    }

    private static string PathOf(IReadOnlyList<LocatedPack> packs, string model)
    {
        LocatedPack pack = packs.First(pack => pack.Pack.Id == PackOf(model));
        return pack.PathOf(pack.Pack.Files[0].Name);
    }
}
