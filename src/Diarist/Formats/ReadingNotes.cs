using System.Globalization;

namespace Diarist.Formats;

/// <summary>What a tolerant reader put right or could not use. Each kind has one sentence, with its count and first place.</summary>
internal enum ReadingNote
{
    /// <summary>An end lies before its start.</summary>
    BackwardTime,

    /// <summary>A time lies before the start of the recording.</summary>
    NegativeTime,

    /// <summary>A time or a score is NaN, infinite, too large or unreadable.</summary>
    NotANumber,

    /// <summary>Bytes or escapes that are no characters, and control characters.</summary>
    BrokenText,

    /// <summary>The file is not UTF-8 but was understood in another encoding.</summary>
    OtherEncoding,

    /// <summary>A text that has no place in its format.</summary>
    UnplacedText,

    /// <summary>A line of a program's output that is no part of the transcript.</summary>
    ProgramOutput,

    /// <summary>An item of a list of objects is null.</summary>
    EmptyItem,

    /// <summary>A text is null.</summary>
    EmptyText,

    /// <summary>A word lies before the one that it is written behind.</summary>
    UnorderedWords,

    /// <summary>A text lies before the one that it is written behind.</summary>
    UnorderedTexts,

    /// <summary>Word times of which none lies in the range of its segment.</summary>
    ContradictedTimes,

    /// <summary>A list of times that has not as many as its text has words.</summary>
    UnpairedTimes,

    /// <summary>A text that has no times.</summary>
    UntimedText,

    /// <summary>A text of a tier that depends on another one.</summary>
    DependentText,

    /// <summary>A text comes again with the same times.</summary>
    RepeatedText,

    /// <summary>A text that begins with the one before it, at the same time.</summary>
    GrowingText,

    /// <summary>Captions on the screen repeat the lines before them.</summary>
    RollingCaption,

    /// <summary>The times count from the start of a stream, which the file does not say.</summary>
    StreamClock,

    /// <summary>All texts lie in less time than anybody needs to say them.</summary>
    ImplausibleTimes,

    /// <summary>Most texts last far longer than anybody needs to say them.</summary>
    ImplausibleLengths,

    /// <summary>Most texts last beyond the starts of several others.</summary>
    OverrunTexts,

    /// <summary>The times of texts start over, as where files were joined.</summary>
    RestartedTimes,

    /// <summary>Several cues begin with a name and a colon, and names were not asked for.</summary>
    PossibleNames,
}

/// <summary>
/// Collects what a reader notices in a file that is good otherwise. A strict reader refuses at the first note instead;
/// notes about the nature of a file (<see cref="ReadingNote.UntimedText"/> and what follows it) are never a reason to refuse.
/// </summary>
internal sealed class ReadingNotes(bool strict)
{
    private readonly SortedDictionary<ReadingNote, (int Count, string First)> _notes = [];

    /// <summary>Whether every note is an error.</summary>
    public bool Strict { get; } = strict;

    /// <summary>The sentences, one for each kind.</summary>
    public IReadOnlyList<string> Warnings => [.. _notes.Select(note => $"{Sentence(note.Key, note.Value.Count)}; the first: {note.Value.First}")];

    /// <summary>The first place of a kind; null where there is none.</summary>
    public string? First(ReadingNote kind) => _notes.TryGetValue(kind, out var known) ? known.First : null;

    /// <summary>Notes one occurrence; <paramref name="place"/> is asked only for the first of its kind, or to refuse.</summary>
    /// <exception cref="AnnotationFormatException">The reader is strict.</exception>
    public void Add(ReadingNote kind, Func<AnnotationFormatException> place)
    {
        if (Strict && kind < ReadingNote.UntimedText && kind != ReadingNote.ProgramOutput)
        {
            throw place();
        }

        _notes[kind] = _notes.TryGetValue(kind, out var known) ? (known.Count + 1, known.First) : (1, Bare(place()));
    }

    /// <summary>The message without the name of the file in front.</summary>
    private static string Bare(AnnotationFormatException error) => error.Message[(error.InputName.Length + 2)..];

    private static string Sentence(ReadingNote kind, int count)
    {
        string n = count.ToString(CultureInfo.InvariantCulture);
        bool one = count == 1;
        return kind switch
        {
            ReadingNote.BackwardTime => one ? "1 time ends before it starts and counts as its start" : $"{n} times end before they start and count as their starts",
            ReadingNote.NegativeTime => one ? "1 time is negative and counts as the start of the recording" : $"{n} times are negative and count as the start of the recording",
            ReadingNote.NotANumber => one ? "1 number is not usable and counts as absent" : $"{n} numbers are not usable and count as absent",
            ReadingNote.BrokenText => one ? "1 text has bytes that are not characters, which are shown as U+FFFD" : $"{n} texts have bytes that are not characters, which are shown as U+FFFD",
            ReadingNote.OtherEncoding => "the file is not UTF-8 and was read as Windows-1252",
            ReadingNote.RepeatedText => one ? "1 text comes twice with the same times; is it a file that was joined to itself?" : $"{n} texts come again with the same times; is it a file that was joined to itself?",
            ReadingNote.GrowingText => one ? "1 text starts with the one before it and repeats its words; is it a later form of a partial result?" : $"{n} texts start with the ones before them and repeat their words; are they later forms of partial results?",
            ReadingNote.RollingCaption => one ? "1 caption repeats lines that are on the screen already, which were taken once" : $"{n} captions repeat lines that are on the screen already, which were taken once",
            ReadingNote.StreamClock => "the file places its times in a stream whose start it does not say (X-TIMESTAMP-MAP); those of its first part were taken as they stand",
            ReadingNote.ImplausibleTimes => "the times are too close together for what is said; they may be in another unit",
            ReadingNote.ImplausibleLengths => "the texts last far too long for what is said; their times, or only their ends, may be in another unit",
            ReadingNote.OverrunTexts => "most texts last until after several others have begun, so that many speakers are wrong; ends may stand where lengths are meant",
            ReadingNote.UnplacedText => one ? "1 text is not where its format expects it and was kept beside its neighbour" : $"{n} texts are not where their format expects them and were kept beside their neighbours",
            ReadingNote.ProgramOutput => one ? "1 line without times was left out as a program's output" : $"{n} lines without times were left out as a program's output",
            ReadingNote.EmptyItem => one ? "1 item of a list is null and was passed over" : $"{n} items of lists are null and were passed over",
            ReadingNote.EmptyText => one ? "1 text is null and counts as empty" : $"{n} texts are null and count as empty",
            ReadingNote.UnorderedWords => one ? "1 word lies before the word that it is written behind, so that it may have the wrong time or the wrong place in the text" : $"{n} words lie before the words that they are written behind, so that they may have the wrong times or the wrong places in the text",
            ReadingNote.UnorderedTexts => one ? "1 text lies before the one that it is written behind, so the texts were put in the order of time" : $"{n} texts lie before those that they are written behind, so the texts were put in the order of time",
            ReadingNote.RestartedTimes => one ? "the times start over once, as where files of several recordings were joined, so that speakers behind that place may be wrong" : $"the times start over {n} times, as where files of several recordings were joined, so that speakers behind these places may be wrong",
            ReadingNote.ContradictedTimes => one ? "the word times of 1 segment lie outside it, so the time of the segment was used" : $"the word times of {n} segments lie outside them, so the times of the segments were used",
            ReadingNote.UnpairedTimes => one ? "1 text has another number of words than times, so only its first and last time were used" : $"{n} texts have another number of words than times, so only their first and last times were used",
            ReadingNote.DependentText => one ? "1 text depends on another one, as translations and notes do, and is written as speech too" : $"{n} texts depend on others, as translations and notes do, and are written as speech too",
            ReadingNote.UntimedText => one ? "1 text has no times, so its speaker is a guess" : $"{n} texts have no times, so their speakers are guesses",
            ReadingNote.PossibleNames => one ? "1 text begins with what may be a name, which is read as text" : $"{n} texts begin with what may be names, which are read as text",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such note."),
        };
    }
}
