namespace Diarist.Formats;

/// <summary>
/// Reads turns, utterances or regions from files and folders, whatever their format: RTTM, UEM, STM, CTM, SegLST and Diarist's own
/// JSON are told apart by their content.
/// </summary>
/// <remarks>
/// Of a folder, the files directly in it are read, in the order of their names; those that are not text or hold something else
/// than what was asked for are passed over. A file that says nothing is one recording without speech, named after the file.
/// Files must be UTF-8 (or UTF-16 with a byte order mark).
/// </remarks>
public static class AnnotationReader
{
    /// <summary>The format of a text, or <see langword="null"/> when it has none of them.</summary>
    public static AnnotationFormat? Detect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AnnotationSniffer.Detect(text);
    }

    /// <summary>Reads turns. The utterances of STM, CTM and SegLST are turns of their speakers, or of their channels where no speaker is given.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <returns>The recordings in order of appearance, each once.</returns>
    /// <exception cref="InputException">A file is malformed, holds no turns, or holds a recording that another file holds too.</exception>
    public static IReadOnlyList<RecordingTurns> ReadTurns(params IEnumerable<string> paths) =>
        ReadAll(paths, "turns", TurnsOf, recording => recording.Recording, _ => null);

    /// <summary>Reads utterances from STM, CTM and SegLST.</summary>
    /// <remarks>
    /// Where several files hold the same recording and none of them names a speaker (one CTM a speaker), each file is a speaker,
    /// named <c>file:channel</c>.
    /// </remarks>
    /// <param name="paths">Files and folders.</param>
    /// <returns>The recordings in order of appearance, each once.</returns>
    /// <exception cref="InputException">A file is malformed, holds no utterances, or holds a recording that another file holds too.</exception>
    public static IReadOnlyList<RecordingUtterances> ReadUtterances(params IEnumerable<string> paths) =>
        ReadAll(paths, "utterances", UtterancesOf, recording => recording.Recording, OneSpeakerPerFile);

    /// <summary>Reads the regions of UEM files.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <returns>The recordings in order of appearance, each once.</returns>
    /// <exception cref="InputException">A file is malformed, holds no regions, or holds a recording that another file holds too.</exception>
    public static IReadOnlyList<RecordingRegions> ReadRegions(params IEnumerable<string> paths) =>
        ReadAll(paths, "regions", RegionsOf, recording => recording.Recording, _ => null);

    private static List<T> ReadAll<T>(
        IEnumerable<string> paths,
        string what,
        Func<AnnotationFile, IReadOnlyList<T>?> read,
        Func<T, string> idOf,
        Func<IReadOnlyList<(AnnotationFile File, T Recording)>, T?> join)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(paths);
        var groups = new RecordingGroups<(AnnotationFile File, T Recording)>();
        foreach ((AnnotationFile file, IReadOnlyList<T> recordings) in paths.SelectMany(path => ReadPath(path, what, read)))
        {
            foreach (T recording in recordings)
            {
                groups.Add(idOf(recording), (file, recording));
            }
        }

        return [.. groups.Select((id, parts) => parts.Count == 1
            ? parts[0].Recording
            : join(parts) ?? throw new InputException(parts[1].File.Path, $"the recording \"{id}\" is in {parts[0].File.Path} too; give each recording once"))];
    }

    private static IEnumerable<(AnnotationFile File, IReadOnlyList<T> Recordings)> ReadPath<T>(
        string path, string what, Func<AnnotationFile, IReadOnlyList<T>?> read)
        where T : class
    {
        if (!Directory.Exists(path))
        {
            AnnotationFile file = AnnotationFile.Load(path);
            IReadOnlyList<T> recordings = read(file)
                ?? throw (file.Format is null ? file.Unrecognized : new InputException(path, $"this is {NameOf(file.Format.Value)}, which holds no {what}"));
            yield return (file, recordings);
            yield break;
        }

        bool any = false;
        foreach (AnnotationFile file in AnnotationFile.LoadFolder(path))
        {
            if (read(file) is IReadOnlyList<T> recordings)
            {
                any = true;
                yield return (file, recordings);
            }
        }

        if (!any)
        {
            throw new InputException(path, $"no file in this folder holds {what}");
        }
    }

    private static IReadOnlyList<RecordingTurns>? TurnsOf(AnnotationFile file) => file.Format switch
    {
        AnnotationFormat.Rttm => Rttm.Read(new StringReader(file.Text), file.Path),
        AnnotationFormat.DiarizationJson => [DiarizationJson.ReadTurns(new StringReader(file.Text), file.Path)],
        AnnotationFormat.Uem => null,
        null => file.IsBlank ? [new RecordingTurns(file.Stem, [])] : null,
        _ => [.. UtterancesOf(file)!.Select(recording => AsTurns(file, recording))],
    };

    private static IReadOnlyList<RecordingUtterances>? UtterancesOf(AnnotationFile file) => file.Format switch
    {
        AnnotationFormat.Stm => Stm.Read(new StringReader(file.Text), file.Path),
        AnnotationFormat.Ctm => Ctm.Read(new StringReader(file.Text), file.Path),
        AnnotationFormat.SegLst => SegLst.Read(new StringReader(file.Text), file.Path),
        null => file.IsBlank ? [new RecordingUtterances(file.Stem, [])] : null,
        _ => null,
    };

    private static IReadOnlyList<RecordingRegions>? RegionsOf(AnnotationFile file) =>
        file.Format == AnnotationFormat.Uem ? Uem.Read(new StringReader(file.Text), file.Path) : null;

    private static RecordingTurns AsTurns(AnnotationFile file, RecordingUtterances recording) =>
        recording.Utterances.All(utterance => utterance.HasTimes)
            ? new(recording.Recording, [.. recording.Utterances.Select(utterance => new Turn(utterance.Range, utterance.SpeakerOrChannel))])
            : throw new InputException(file.Path, $"the recording \"{recording.Recording}\" has utterances without times, which cannot be turns");

    private static RecordingUtterances? OneSpeakerPerFile(IReadOnlyList<(AnnotationFile File, RecordingUtterances Recording)> parts) =>
        parts.All(part => part.File.Format == AnnotationFormat.Ctm && part.Recording.Utterances.All(word => word.Speaker is null))
            ? new RecordingUtterances(
                parts[0].Recording.Recording,
                [.. parts.SelectMany(part => part.Recording.Utterances.Select(word => word with { Speaker = $"{part.File.Stem}:{word.Channel}" }))])
            : null;

    private static string NameOf(AnnotationFormat format) => format switch
    {
        AnnotationFormat.DiarizationJson => "Diarist's JSON",
        AnnotationFormat.SegLst => "a SegLST",
        _ => $"a file of {format.ToString().ToUpperInvariant()}",
    };
}
