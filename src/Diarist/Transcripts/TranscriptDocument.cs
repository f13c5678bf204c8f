using System.Globalization;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Transcripts.JsonFormats;
using Diarist.Transcripts.TextFormats;

namespace Diarist.Transcripts;

/// <summary>
/// A transcript file in whichever dialect it is (its content decides, not its name), with the bytes that it was read
/// from. Of a JSON file it gives those very bytes back with speaker members inserted.
/// </summary>
public sealed class TranscriptDocument
{
    private readonly byte[] _bytes;
    private readonly JsonTranscript? _json;

    private TranscriptDocument(byte[] bytes, string name, Transcript transcript, JsonTranscript? json, ReadingNotes notes)
    {
        _bytes = bytes;
        _json = json;
        Warnings = notes.Warnings;
        ReadAs = json?.ReadAs ?? string.Create(CultureInfo.InvariantCulture, $"{transcript.Dialect}, {transcript.Segments.Count} segments, {transcript.Segments.Sum(segment => segment.Words.Count)} words");
        Name = name;
        Transcript = transcript;
        UnreadSpeakers = json is null ? [] : SpeakerPlaces.Unread(json);
    }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>What it says.</summary>
    public Transcript Transcript { get; }

    /// <summary>Whether it is JSON, so that <see cref="Annotate"/> works.</summary>
    public bool IsJson => _json is not null;

    /// <summary>
    /// Whether it already names speakers, in its texts or anywhere else in the file; members that are null or empty name
    /// nobody. Speakers that stand only where no text is read are in <see cref="UnreadSpeakers"/>.
    /// </summary>
    public bool HasSpeakers => Transcript.HasSpeakers || UnreadSpeakers.Count > 0;

    /// <summary>The places of a JSON file that name speakers and belong to no text that is read, such as <c>results.speakers[0]</c>.</summary>
    public IReadOnlyList<string> UnreadSpeakers { get; }

    /// <summary>
    /// What was noticed in the file and put right, one sentence a kind with the count and the first place: times that are
    /// backward, negative or no numbers, texts without a place, bytes that are not characters, and so on.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The dialect, and whether its items were read as words or segments and why.</summary>
    public string ReadAs { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">How, where the file leaves a choice; <see cref="TranscriptReading.Default"/> when left out.</param>
    /// <exception cref="AnnotationFormatException">It is in no dialect known here, or breaks its own; with line and byte.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TranscriptDocument Read(string path, TranscriptReading? reading = null) => Read(File.ReadAllBytes(path), path, reading);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The bytes of a file; the caller disposes it.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="reading">How, where the file leaves a choice; <see cref="TranscriptReading.Default"/> when left out.</param>
    /// <exception cref="AnnotationFormatException">It is in no dialect known here, or breaks its own; with line and byte.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static TranscriptDocument Read(Stream stream, string name, TranscriptReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), name, reading);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The whole file; kept, not copied.</param>
    /// <param name="name">The file as the user named it, for messages.</param>
    /// <param name="reading">How, where the file leaves a choice; <see cref="TranscriptReading.Default"/> when left out.</param>
    /// <exception cref="AnnotationFormatException">It is in no dialect known here, or breaks its own; with line and byte.</exception>
    public static TranscriptDocument Read(byte[] bytes, string name, TranscriptReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(name);
        reading ??= TranscriptReading.Default;
        var notes = new ReadingNotes(reading.Strict);
        bytes = reading.Encoding is { } encoding ? Encodings.FromStated(bytes, name, encoding) : bytes;
        if (OtherFile.Describe(bytes) is { } other)
        {
            throw new AnnotationFormatException(name, 1, $"this is no transcript but {other}");
        }

        if (Encodings.LooksLikeUtf16(bytes))
        {
            throw new AnnotationFormatException(name, 1, $"byte 0: this looks like UTF-16 without its mark; state its encoding (utf-16{(bytes[0] == 0 ? "be" : "le")}) or convert it to UTF-8") { Remedy = Remedy.StateEncoding };
        }

        if (Encodings.IsUtf16(bytes) && bytes is not [0xFF, 0xFE, 0, 0, ..] && Encodings.FromUtf16(bytes, name) is var converted && HoldsJson(converted))
        {
            bytes = converted;
        }

        if (PythonText.Is(bytes))
        {
            throw Encodings.Error(bytes, name, 0, "this is how Python prints its own objects and no JSON; let it write json.dumps(…), of faster-whisper's segments json.dumps([dataclasses.asdict(segment) for segment in segments])");
        }

        if (HoldsJson(bytes))
        {
            Encodings.RefuseForeign(bytes, name);
            JsonTranscript json = JsonDialect.ReadAny(JsonIndex.Parse(bytes, name, notes), reading);
            if (json.Transcript.Segments.All(segment => segment.Text.Length == 0) && ServiceAnswer.Describe(json.Json.Roots[0]) is { } answer)
            {
                throw json.Json.Error(json.Json.Roots[0].Start, answer);
            }

            TranscriptChecks.Note(json.Transcript, notes, problem => json.Json.Error(0, problem));
            return new TranscriptDocument(bytes, name, json.Transcript, json, notes);
        }

        var source = new TextSource(bytes, name, notes);
        Transcript transcript = TextDialects.ReadAny(source, reading);
        TranscriptChecks.Note(transcript, notes, problem => source.Error(source.Lines[0], problem));
        return new TranscriptDocument(bytes, name, transcript, null, notes);
    }

    private static bool HoldsJson(byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes.AsSpan(Encodings.LengthOfMark(bytes)).TrimStart(" \t\r\n"u8);
        return JsonTolerance.IsFenced(text) || JsonTolerance.IsEventStream(text) || (text is [(byte)'{', ..] && !TextDialects.CountsFrames(text)) || (text is [(byte)'[', ..] && !TextDialects.StartsWithTime(text));
    }

    /// <summary>
    /// The file's own bytes (in UTF-8 where the file is UTF-16) with members inserted behind the last member of each segment and word that has a speaker:
    /// <c>speaker</c>, <c>speaker_confidence</c>, <c>speaker_runner_up</c>, <c>speaker_overlap</c>,
    /// <c>speaker_uncertain</c>, <c>speaker_approximate</c>; dialects that keep words in parallel arrays get one array
    /// <c>speaker_words</c> instead. <c>speaker_packs</c>, once, names <see cref="AttributedTranscript.Packs"/>.
    /// Where nobody speaks nothing is inserted.
    /// </summary>
    /// <param name="attributed">The attribution of this document's <see cref="Transcript"/>; speakers may be renamed.</param>
    /// <param name="overwrite">Whether speakers that the file already names may be replaced.</param>
    /// <exception cref="InvalidOperationException">The file is not JSON.</exception>
    /// <exception cref="InputException">
    /// It already names speakers and <paramref name="overwrite"/> is false, or it names them in <see cref="UnreadSpeakers"/>,
    /// where the new ones would contradict them.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="attributed"/> is of another transcript.</exception>
    public byte[] Annotate(AttributedTranscript attributed, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(attributed);
        if (_json is null)
        {
            throw new InvalidOperationException("Only JSON transcripts can take speaker members; write another format instead.");
        }

        if (!ReferenceEquals(attributed.Transcript, Transcript))
        {
            throw new ArgumentException("The attribution is of another transcript.", nameof(attributed));
        }

        if (!overwrite && HasSpeakers)
        {
            throw new InputException(Name, "it already names speakers; permit that they are replaced") { Remedy = Remedy.ReplaceSpeakers };
        }

        if (UnreadSpeakers.Count > 0)
        {
            throw new InputException(Name, $"it names speakers in places that cannot be replaced: {string.Join(", ", UnreadSpeakers.Take(5))}; write another format, or remove them");
        }

        return SpeakerMembers.Insert(_json, attributed);
    }

    /// <summary>The file's bytes without the members that <see cref="Annotate"/> inserts.</summary>
    /// <exception cref="InvalidOperationException">The file is not JSON.</exception>
    public byte[] WithoutSpeakers() => _json is null
        ? throw new InvalidOperationException("Only JSON transcripts can be stripped of speaker members.")
        : SpeakerMembers.Remove(_json);

    /// <summary>The file as it came.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;
}
