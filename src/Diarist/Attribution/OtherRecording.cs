namespace Diarist.Attribution;

/// <summary>
/// Finds whether the texts of a transcript have nothing to do with turns, as when it was made of another recording. Then they share as much speech as chance gives,
/// while texts of the recording itself share more, even where they are placed badly.
/// </summary>
internal static class OtherRecording
{
    // Fewer pauses fit or do not fit by chance; docs/accuracy.md has how often a transcript is found to be of another recording.
    private const double FewestSeconds = 60;
    private const int FewestStretches = 15;
    private const double MostText = 0.9;
    private const double MostSpeech = 0.95;

    // Of segments that are placed up to a second beside their speech it was 0.1 and more.
    private const double LeastCorrelation = 0.06;

    // Some recognizers are late all the time.
    private const double Nearest = 2;
    private const double Step = 0.2;

    /// <summary>The seconds that texts and turns share at best, and those that chance gives; null where they fit, or nothing certain can be said.</summary>
    public static (double Shared, double Chance)? Find(IEnumerable<TimeRange> texts, TurnTimeline turns)
    {
        var said = SpeechStretches.Of(texts);
        var heard = SpeechStretches.Of(turns);
        double span = said.End - said.Start;
        double text = said.Seconds / span;
        double speech = heard.Between(said.Start, said.End) / span;
        if (span < FewestSeconds || said.Count < FewestStretches || heard.Count < FewestStretches || text > MostText || speech > MostSpeech || text <= 0 || speech <= 0)
        {
            return null;
        }

        int steps = (int)(Nearest / Step);
        double shared = Enumerable.Range(-steps, (2 * steps) + 1).Max(step => said.Shared(heard, step * Step));
        double chance = span * text * speech;
        double correlation = (shared - chance) / (span * Math.Sqrt(text * (1 - text) * speech * (1 - speech)));
        return correlation < LeastCorrelation ? (shared, chance) : null;
    }
}
