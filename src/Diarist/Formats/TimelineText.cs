using System.Globalization;
using Diarist.Audio;

namespace Diarist.Formats;

/// <summary>A diarization for people: one line a turn, then a line a speaker.</summary>
public static class TimelineText
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="diarization">What.</param>
    /// <param name="source">The recording.</param>
    /// <param name="exclusive">Whether one speaker at a time is written.</param>
    public static void Write(TextWriter writer, Diarization diarization, AudioInfo source, bool exclusive)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(diarization);
        ArgumentNullException.ThrowIfNull(source);
        int speakers = diarization.Speakers.Count;
        writer.WriteLine(Line(
            $"{Path.GetFileName(source.Name)}   {Clock(diarization.Duration)}   {speakers} {(speakers == 1 ? "speaker" : "speakers")}{(diarization.Count.Uncertain ? " (uncertain)" : "")}   {diarization.Recipe}"));
        writer.WriteLine();
        double previousEnd = double.NegativeInfinity;
        string previousSpeaker = "";
        foreach (Turn turn in exclusive ? diarization.ExclusiveTurns : diarization.Turns)
        {
            double overlap = Math.Min(previousEnd, turn.End) - turn.Start;
            string note = overlap >= 0.05 && turn.Speaker != previousSpeaker ? Line($"  ({overlap:0.0} s over {previousSpeaker})") : "";
            writer.WriteLine(Line($"{Clock(turn.Start),10} {turn.Duration,7:0.0} s  {turn.Speaker}{note}"));
            if (turn.End > previousEnd)
            {
                (previousEnd, previousSpeaker) = (turn.End, turn.Speaker);
            }
        }

        WriteSummary(writer, diarization);
    }

    private static void WriteSummary(TextWriter writer, Diarization diarization)
    {
        if (diarization.Speakers.Count == 0)
        {
            writer.WriteLine("No speech was found.");
        }
        else
        {
            double total = diarization.Speakers.Sum(speaker => speaker.Duration);
            int width = Math.Max(10, diarization.Speakers.Max(speaker => speaker.Label.Length));
            writer.WriteLine();
            writer.WriteLine($"{"speaker".PadRight(width)}     speech   share   turns    longest");
            foreach (SpeakerSummary speaker in diarization.Speakers)
            {
                writer.WriteLine(Line(
                    $"{speaker.Label.PadRight(width)} {Clock(speaker.Duration),10} {100 * speaker.Duration / total,5:0} % {speaker.Turns,7} {Clock(speaker.Longest),10}{(speaker.IsGhost ? "   may not be a speaker of its own" : "")}{IdentityOf(diarization, speaker)}"));
            }
        }

        if (diarization.Packs.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine($"Networks: {string.Join(", ", diarization.Packs.Select(pack => $"{pack.Pack.Title} ({pack.Pack.License}, {pack.Pack.Attribution})"))}.");
        }
    }

    private static string IdentityOf(Diarization diarization, SpeakerSummary speaker) =>
        diarization.Identities.FirstOrDefault(identity => (identity.Name ?? identity.Label) == speaker.Label) is { } identity ? $"   {identity}" : "";

    /// <summary>Minutes and seconds with one decimal, hours when there are any: <c>1:02:03.4</c>.</summary>
    /// <param name="seconds">The time, 0 or more.</param>
    public static string Clock(double seconds)
    {
        long tenths = (long)Math.Round(seconds * 10, MidpointRounding.ToEven);
        (long minutes, long rest) = Math.DivRem(tenths, 600);
        string tail = Line($"{rest / 10:00}.{rest % 10}");
        return minutes < 60 ? Line($"{minutes}:{tail}") : Line($"{minutes / 60}:{minutes % 60:00}:{tail}");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
