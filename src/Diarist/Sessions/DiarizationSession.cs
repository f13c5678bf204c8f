using System.Text;
using Diarist.Identity;
using Diarist.Packs;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// A recording as it was heard, and corrections of who speaks when. Corrections are constraints on the clustering: all turns are made anew
/// from what was heard, without audio. Not for several threads at once.
/// </summary>
public sealed partial class DiarizationSession
{
    private readonly List<string> _lines = [];
    private readonly List<SessionEdit> _done = [];
    private readonly List<SessionEdit> _undone = [];
    private readonly sbyte[] _peaks;
    private readonly string? _fileTranscript;
    private HeardSpeech? _heard;
    private PieceTimes? _times;
    private Diarization _kept;
    private Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private SessionState _state;
    private SessionFile? _file;
    private ClusteringMemory _clusterings = new();

    internal DiarizationSession(SessionRecording recording, HeardSpeech heard, DiarizerOptions options, IReadOnlyList<LocatedPack> packs, IReadOnlyList<string> warnings, sbyte[] peaks, IReadOnlyList<SpeakerIdentity>? identities = null)
    {
        (Recording, _heard, _peaks) = (recording, heard, peaks);
        _kept = new Diarization
        {
            Turns = [],
            ExclusiveTurns = [],
            Speakers = [],
            Duration = heard.Duration,
            Recipe = options.Recipe,
            Options = options,
            Packs = packs,
            Warnings = warnings,
            Identities = identities ?? [],
            Count = new SpeakerCountReport(0, 0, SpeakerBounds.None, 0, false, null),
        };
        _state = SessionState.Of(_heard, _kept, _done, default, _clusterings);
    }

    private DiarizationSession(string path, bool whole, Dictionary<string, byte[]> entries)
    {
        var document = SessionDocument.Read(entries.GetValueOrDefault(SessionDocument.Entry) ?? throw new SessionFormatException(path, $"it has no {SessionDocument.Entry}; it is not a session of Diarist."), path);
        (Recording, _kept, _fileTranscript) = (document.Recording, document.Kept, document.Transcript);
        _names = new Dictionary<string, string>(document.Names, StringComparer.Ordinal);
        var notes = new List<string>();
        try
        {
            _heard = document.HasVoices ? HeardArrays.Read(entries, document.StepSamples, document.Windows, document.Recording.Duration) : null;
            bool complete = SessionEditJson.Read(entries.GetValueOrDefault(SessionArchive.Edits) ?? [], _lines, _done, _undone);
            if (!whole || !complete)
            {
                notes.Add("the file is cut off; the last correction may be missing");
            }

            _peaks = entries.TryGetValue("peaks.npy", out byte[]? peaks) ? NpyBytes.Read<sbyte>(peaks, "peaks.npy", out _).ToArray() : [];
            if (_fileTranscript is not null && entries.TryGetValue(TranscriptEntry, out byte[]? content))
            {
                Transcript = new SessionTranscript(_fileTranscript, content);
            }

            _state = SessionState.Of(_heard, _kept, _done, default, _clusterings);
        }
        catch (Exception error) when (error is InvalidDataException or SessionEditException or ArgumentException or IndexOutOfRangeException)
        {
            throw new SessionFormatException(path, $"it is damaged: {error.Message}; take an earlier copy.", error);
        }

        Notes = notes;
    }

    private const string TranscriptEntry = "transcript";

    /// <summary>The recording.</summary>
    public SessionRecording Recording { get; }

    /// <summary>Who speaks when, with all corrections that hold, and names for labels.</summary>
    public Diarization Diarization => WithNames(_state.Named);

    /// <summary>The same with labels where there are names. Labels stay when speakers are named.</summary>
    public Diarization Labelled => _state.Labelled;

    /// <summary>How many corrections were made and taken back so far; it grows with every one.</summary>
    public int Revision => _lines.Count;

    /// <summary>The corrections that hold, in order.</summary>
    public IReadOnlyList<SessionEdit> Edits => _done;

    /// <summary>Whether voices are kept, so that corrections spread.</summary>
    public bool HasVoices => _heard is not null;

    /// <summary>What was noticed on opening.</summary>
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>The transcript that was given; <see langword="null"/> when none was.</summary>
    public SessionTranscript? Transcript { get; set; }

    /// <summary>For drawing: least and greatest sample of every 20th of a second in turn, in 127ths of full scale.</summary>
    public ReadOnlySpan<sbyte> Peaks => _peaks;

    /// <summary>Whether there is a correction to undo.</summary>
    public bool CanUndo => _done.Count > 0;

    /// <summary>Whether there is a correction to make again.</summary>
    public bool CanRedo => _undone.Count > 0;

    /// <summary>The correction that <see cref="Redo"/> makes again; <see langword="null"/> when there is none.</summary>
    public SessionEdit? Undone => _undone.Count > 0 ? _undone[^1] : null;

    /// <summary>Opens a session.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SessionFormatException">The file is damaged, no session, or of another version.</exception>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static DiarizationSession Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool whole = SessionArchive.Read(path, out Dictionary<string, byte[]> entries, out SessionFile file);
        return new DiarizationSession(path, whole, entries) { _file = file };
    }

    /// <summary>Whether a file is as this session was read from it or written to it last.</summary>
    /// <param name="path">The file.</param>
    public bool IsCurrent(string path) => _file?.IsThere(path) ?? false;

    /// <summary>Writes the session: whole or not at all, on the disk when this returns, readable by its owner only.</summary>
    /// <param name="path">The file. One that this session was read from or written to is written over only as it was then.</param>
    /// <exception cref="SessionChangedException">Another program changed the file after it was opened.</exception>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path)
    {
        var document = new SessionDocument(Recording, _kept, _heard?.Grid.StepSamples ?? 16000, _heard?.Activity.Windows ?? 0, HasVoices, _names, Transcript?.Name);
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [SessionDocument.Entry] = document.Write() };
        foreach ((string name, byte[] bytes) in _heard is null ? [] : HeardArrays.Write(_heard))
        {
            entries.Add(name, bytes);
        }

        entries.Add("peaks.npy", NpyBytes.Write<sbyte>(_peaks, _peaks.Length / 2, 2));
        if (Transcript is { } transcript)
        {
            entries.Add(TranscriptEntry, transcript.Content.ToArray());
        }

        entries.Add(SessionArchive.Edits, Encoding.UTF8.GetBytes(string.Concat(_lines.Select(line => line + "\n"))));
        _file = SessionArchive.Write(path, entries, _file);
    }

    /// <summary>Takes the last correction back.</summary>
    /// <exception cref="SessionEditException">There is none.</exception>
    public SessionEdit Undo() => Step(_done, _undone, SessionEditJson.Undo);

    /// <summary>Makes the last correction again that was taken back.</summary>
    /// <exception cref="SessionEditException">There is none.</exception>
    public SessionEdit Redo() => Step(_undone, _done, SessionEditJson.Redo);

    /// <summary>
    /// Removes the voices. Turns, names and transcript stay; corrections made so far can no longer be undone, and later ones no longer spread.
    /// </summary>
    public void ForgetVoices()
    {
        _names = NamesNow();
        _kept = _state.Labelled;
        (_heard, _times, _clusterings) = (null, null, new());
        _done.Clear();
        _undone.Clear();
        _lines.Clear();
        _state = SessionState.Of(null, _kept, _done, default);
    }

    private SessionEdit Step(List<SessionEdit> from, List<SessionEdit> to, string verb)
    {
        if (from.Count == 0)
        {
            throw new SessionEditException($"There is nothing to {verb}.");
        }

        SessionEdit edit = from[^1];
        from.RemoveAt(from.Count - 1);
        to.Add(edit);
        _lines.Add(SessionEditJson.Write(null, verb));
        _state = SessionState.Of(_heard, _kept, _done, default, _clusterings);
        return edit;
    }

    private Dictionary<string, string> NamesNow()
    {
        var names = new Dictionary<string, string>(_names, StringComparer.Ordinal);
        foreach ((string label, string name) in _state.Names)
        {
            names[label] = name;
        }

        return names;
    }

    private Diarization WithNames(Diarization named)
    {
        if (_names.Count == 0)
        {
            return named;
        }

        string Of(string label) => _names.GetValueOrDefault(label, label);
        return named with
        {
            Turns = [.. named.Turns.Select(turn => turn with { Speaker = Of(turn.Speaker) })],
            ExclusiveTurns = [.. named.ExclusiveTurns.Select(turn => turn with { Speaker = Of(turn.Speaker) })],
            Speakers = [.. named.Speakers.Select(speaker => speaker with { Label = Of(speaker.Label) })],
        };
    }
}
