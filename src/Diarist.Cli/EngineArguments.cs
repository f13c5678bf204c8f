using System.CommandLine;
using Diarist.Asr;
using Diarist.Cli.Commands;

namespace Diarist.Cli;

/// <summary>The options that choose a recognizer and set it up.</summary>
internal static class EngineArguments
{
    private static readonly string[] Engines = ["http", "process", "whisper", "whisper-cli", "pocketsphinx", "sherpa-onnx"];
    private static readonly Option<string?> Engine = EngineOption("The recognizer: http, process, whisper, whisper-cli, pocketsphinx or sherpa-onnx.", required: true);
    private static readonly Option<string?> OptionalEngine = EngineOption("The recognizer that gives words: http, process, whisper, whisper-cli, pocketsphinx or sherpa-onnx; none by default.", required: false);
    private static readonly Option<string?> Endpoint = new("--endpoint") { Description = "http: the complete address of an OpenAI-compatible audio/transcriptions.", HelpName = "URL" };
    private static readonly Option<string?> Model = new("--model") { Description = $"http: the model's name; whisper: {string.Join(", ", WhisperArguments.Models)}, or a model's path; whisper-cli: the model's path." };
    private static readonly Option<string?> Language = new("--language") { Description = "http, whisper: the recording's language; whisper finds it out without." };
    private static readonly Option<string?> Prompt = new("--prompt") { Description = "whisper: text that the recording is taken to go on from; it shows how names and terms are written.", HelpName = "TEXT" };
    private static readonly Option<string?> KeyVariable = new("--key-env") { Description = "http: the environment variable that holds the key; without it no key is sent.", HelpName = "NAME" };
    private static readonly Option<string> ResponseFormat = new("--response-format") { Description = "http: the form of the answer.", DefaultValueFactory = _ => "verbose_json" };
    private static readonly Option<string?> ProgramText = new("--command") { Description = "process: the program with its arguments; {audio} stands for the recording, {wav} for it as 16 kHz mono WAV.", HelpName = "TEXT" };
    private static readonly Option<string?> Library = new("--library") { Description = "sherpa-onnx: the path of libsherpa-onnx-c-api.", HelpName = "FILE" };
    private static readonly Option<string[]> Settings = new("--set") { Description = "sherpa-onnx: a member of its configuration, such as tokens=tokens.txt; may be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private static readonly Option<double?> Timeout = OptionFactory.Number("--timeout", "Seconds that the recognizer may take.", 0.001, 1e6, "seconds");

    public static void AddTo(Command command, bool required = true)
    {
        foreach (Option option in (Option[])[required ? Engine : OptionalEngine, Endpoint, Model, Language, Prompt, KeyVariable, ResponseFormat, ProgramText, Library, Settings, Timeout])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The name of the recognizer, with its model where it has one; empty when none is chosen.</summary>
    public static string NameOf(ParseResult parsed) => Chosen(parsed) is not { } engine ? "" : parsed.GetValue(Model) is { Length: > 0 } model ? Path.GetFileName(model) : engine;

    /// <summary>Whether the recognizer itself cuts recordings at pauses.</summary>
    public static bool CutsAtSpeech(ParseResult parsed) => Chosen(parsed) == "whisper";

    /// <summary>The recognizer that the options choose; <see langword="null"/> when they choose none.</summary>
    public static async Task<ITranscriber?> CreateIfChosenAsync(ParseResult parsed, PacksOptions packs, CancellationToken cancellationToken) =>
        Chosen(parsed) is null ? null : await CreateAsync(parsed, packs, cancellationToken).ConfigureAwait(false);

    /// <summary>The recognizer that the options choose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="packs">Where models are, and whether they may be fetched.</param>
    /// <param name="cancellationToken">Stops the fetching and the loading of a model.</param>
    public static async Task<ITranscriber> CreateAsync(ParseResult parsed, PacksOptions packs, CancellationToken cancellationToken)
    {
        TimeSpan? timeout = parsed.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return Chosen(parsed) switch
        {
            "http" => Http(parsed, timeout),
            "process" => Process(FromText(Require(parsed, ProgramText)), timeout),
            "whisper" => await WhisperArguments.LoadAsync(parsed, packs, Require(parsed, Model), parsed.GetValue(Language), parsed.GetValue(Prompt), cancellationToken).ConfigureAwait(false),
            "whisper-cli" => Process(ProcessTranscriberOptions.WhisperCpp(Require(parsed, Model)), timeout),
            "pocketsphinx" => Process(ProcessTranscriberOptions.PocketSphinx, timeout),
            _ => SherpaOnnx(parsed),
        };
    }

    private static string? Chosen(ParseResult parsed) => parsed.GetValue(Engine) ?? parsed.GetValue(OptionalEngine);

    private static Option<string?> EngineOption(string description, bool required)
    {
        var option = new Option<string?>("--engine") { Description = description, Required = required };
        option.AcceptOnlyFromAmong(Engines);
        return option;
    }

    private static HttpTranscriber Http(ParseResult parsed, TimeSpan? timeout)
    {
        string address = Require(parsed, Endpoint);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"--endpoint takes a complete http or https address, not '{address}'.");
        }

        string? variable = parsed.GetValue(KeyVariable);
        string? key = variable is null ? null : Environment.GetEnvironmentVariable(variable)
            ?? throw new UsageException($"the environment variable {variable} is not set, and --key-env names it.");
        var options = new HttpTranscriberOptions(endpoint, Require(parsed, Model))
        {
            Key = key,
            Language = parsed.GetValue(Language),
            ResponseFormat = parsed.GetRequiredValue(ResponseFormat),
        };
        return new HttpTranscriber(timeout is { } limit ? options with { Timeout = limit } : options);
    }

    private static ProcessTranscriber Process(ProcessTranscriberOptions options, TimeSpan? timeout) =>
        new(timeout is { } limit ? options with { Timeout = limit } : options);

    private static ProcessTranscriberOptions FromText(string command)
    {
        try
        {
            return ProcessTranscriberOptions.Parse(command);
        }
        catch (FormatException error)
        {
            throw new UsageException($"--command: {error.Message}.");
        }
    }

    private static SherpaOnnxTranscriber SherpaOnnx(ParseResult parsed)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in parsed.GetRequiredValue(Settings))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !members.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw new UsageException($"--set takes NAME=VALUE, each name once, not '{pair}'.");
            }
        }

        try
        {
            return new SherpaOnnxTranscriber(Require(parsed, Library), members);
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }
    }

    private static string Require(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { Length: > 0 } value
        ? value
        : throw new UsageException($"--engine {Chosen(parsed)} needs {option.Name}.");
}
