namespace Diarist.Formats;

/// <summary>Who spoke when in one recording.</summary>
/// <param name="Recording">The id of the recording, as the file names it.</param>
/// <param name="Turns">Its turns, in the order of the file; turns may overlap, also those of one speaker, and may be empty.</param>
public sealed record RecordingTurns(string Recording, IReadOnlyList<Turn> Turns);

/// <summary>Who said what in one recording.</summary>
/// <param name="Recording">The id of the recording, as the file names it.</param>
/// <param name="Utterances">Its utterances, in the order of the file.</param>
public sealed record RecordingUtterances(string Recording, IReadOnlyList<Utterance> Utterances);

/// <summary>The regions of one recording that are to be scored.</summary>
/// <param name="Recording">The id of the recording, as the file names it.</param>
/// <param name="Regions">Its regions, in the order of the file; they may overlap.</param>
public sealed record RecordingRegions(string Recording, IReadOnlyList<TimeRange> Regions);
