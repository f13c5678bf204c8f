using System.CommandLine;
using System.Text;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Transcripts;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist annotate</c>: speakers for a transcript that somebody else made.</summary>
internal static class AnnotateCommand
{
    private static readonly Argument<string> Input = new("transcript") { Description = "A transcript in any dialect that docs/transcripts.md lists; - reads standard input." };
    private static readonly Option<string?> TurnFile = new("--turns") { Description = "Who speaks when: RTTM, STM, CTM, SegLST or Diarist's JSON.", HelpName = "FILE" };
    private static readonly Option<string?> Audio = new("--audio") { Description = "The recording: it is diarized here.", HelpName = "FILE" };
    private static readonly Option<string?> Recording = new("--recording") { Description = "Which recording of --turns, when it holds several.", HelpName = "ID" };
    private static readonly Option<bool> KeepNames = new("--keep-names") { Description = "Acoustic speakers take the names that the transcript itself has for them (voice tags, speaker tokens); Name: text and cue identifiers that are names count too (Teams, Zoom, Webex)." };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace speakers that the transcript already names." };
    private static readonly Option<string> Items = OptionFactory.Choice("--items", "What the items of a list, or the captions of a file, are where the file does not say; auto decides on the whole list.", "auto", "words", "segments");
    private static readonly Option<string?> TextEncoding = new("--encoding") { Description = "The encoding of the transcript where it is neither UTF-8 nor Windows-1252: windows-1251, gb18030, big5, shift_jis, and so on.", HelpName = "NAME" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "Refuse a transcript with backward, negative or broken times, misplaced text or broken characters, instead of warning." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output." };

    public static Command Create()
    {
        var command = new Command("annotate", "Join speakers to a transcript, whoever made it; without --turns and --audio, the speakers that it carries itself.")
        {
            Input, TurnFile, Audio, Recording, KeepNames, Overwrite, Items, TextEncoding, Strict, Output,
        };
        AttributionArguments.AddTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string input = parsed.GetRequiredValue(Input);
        string? turnFile = parsed.GetValue(TurnFile);
        string? audio = parsed.GetValue(Audio);
        if (turnFile is not null && audio is not null)
        {
            throw new UsageException("--turns and --audio exclude each other.");
        }

        string? output = parsed.GetValue(Output);
        IReadOnlyList<OutputFormat> asked = AttributionArguments.FormatsOf(parsed, output);
        AttributionPolicy policy = AttributionArguments.PolicyOf(parsed);
        Dictionary<string, string> names = NameArguments.Read(parsed);
        DiarizerOptions options = DiarizerArguments.Read(parsed);
        string shown = input == StandardInput.Argument ? StandardInput.Name : input;
        TranscriptDocument document = TranscriptDocument.Read(await ReadAllAsync(input, cancellationToken).ConfigureAwait(false), shown, ReadingOf(parsed));
        AttributionArguments.Report(document);
        if (document.Transcript.Segments.All(segment => segment.Text.Length == 0))
        {
            Messages.Warn(shown, "it holds no text, so nothing gets a speaker");
        }

        IReadOnlyList<OutputFormat> formats = AttributionArguments.Settle(asked, document, output);

        bool ownSpeakers = turnFile is null && audio is null;
        Refuse(document, ownSpeakers, parsed);
        var target = OutputTarget.Create(output, [input], formats, turnFile, audio, NameArguments.FileOf(parsed));
        SpeakerSource? source = await SpeakersAsync(parsed, turnFile, audio, options, cancellationToken).ConfigureAwait(false);
        AttributedTranscript attributed = source is null
            ? OwnSpeakers.Of(document.Transcript)
            : source.Assign(document.Transcript, policy, parsed.GetValue(KeepNames), Path.GetFileNameWithoutExtension(input));
        NameArguments.Check(names, attributed.Speakers, shown);
        AttributionArguments.Write(target, input, document, attributed.WithNames(names), formats, audio);
    }

    private static TranscriptReading ReadingOf(ParseResult parsed) => new()
    {
        Items = parsed.GetRequiredValue(Items) switch { "words" => TranscriptItems.Words, "segments" => TranscriptItems.Segments, _ => TranscriptItems.Automatic },
        Encoding = EncodingOf(parsed.GetValue(TextEncoding)),
        Strict = parsed.GetValue(Strict),
        NamesInText = parsed.GetValue(KeepNames),
    };

    private static Encoding? EncodingOf(string? name)
    {
        try
        {
            return name is null ? null : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--encoding: there is no encoding '{name}'; names are such as windows-1251, gb18030, big5, shift_jis, euc-kr.");
        }
    }

    private static void Refuse(TranscriptDocument document, bool ownSpeakers, ParseResult parsed)
    {
        if (ownSpeakers && document.HasSpeakers && !document.Transcript.HasSpeakers)
        {
            throw new InputException(document.Name, $"it names speakers only where no text is read ({string.Join(", ", document.UnreadSpeakers.Take(5))}); give --turns FILE or --audio FILE");
        }

        if (ownSpeakers && !document.HasSpeakers)
        {
            throw new UsageException($"who speaks? {document.Name} names no speakers; give --turns FILE or --audio FILE.");
        }

        if (!ownSpeakers && document.HasSpeakers && !parsed.GetValue(Overwrite) && !parsed.GetValue(KeepNames))
        {
            throw new InputException(document.Name, "it already names speakers; --overwrite replaces them, --keep-names keeps their names");
        }
    }

    /// <summary>The turns of a file, or of a recording that is diarized here; none where the transcript's own speakers are to be used.</summary>
    private static async Task<SpeakerSource?> SpeakersAsync(ParseResult parsed, string? turnFile, string? audio, DiarizerOptions options, CancellationToken cancellationToken)
    {
        string? chosen = parsed.GetValue(Recording);
        if (turnFile is not null)
        {
            IReadOnlyList<RecordingTurns> turns = AnnotationReader.ReadTurns(turnFile);
            if (turns.All(recording => recording.Turns.Count == 0))
            {
                Messages.Warn(turnFile, "it holds no turns, so no word gets a speaker");
            }

            return new SpeakerSource(turnFile, turns, [], chosen);
        }

        if (audio is null)
        {
            return null;
        }

        RecordingOptions recordings = AudioArguments.Read(parsed);
        recordings.Check([audio]);
        Diarizer diarizer = await DiarizerArguments.LoadAsync(parsed, recordings.ForEach(options), cancellationToken).ConfigureAwait(false);
        Diarization diarization = await DiarizerArguments.DiarizeAsync(diarizer, recordings, audio, cancellationToken).ConfigureAwait(false);
        return new SpeakerSource(audio, [new("", diarization.Turns)], diarization.Packs, chosen) { Heard = diarization };
    }

    private static async Task<byte[]> ReadAllAsync(string input, CancellationToken cancellationToken)
    {
        if (input != StandardInput.Argument)
        {
            return await ReadFileAsync(input, cancellationToken).ConfigureAwait(false);
        }

        using Stream source = StandardInput.Open();
        return await ReadAllAsync(source, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAllAsync(Stream source, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await source.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    private static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (UndecodedPath.TryOpen(path) is not { } undecoded)
            {
                return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            }

            using FileStream file = undecoded;
            return await ReadAllAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException(path, Directory.Exists(path) ? "is a folder, not a transcript" : "this user may not read it", error);
        }
    }
}
