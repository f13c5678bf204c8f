namespace Diarist.Sessions;

/// <summary>A question about who speaks, the answer to which changes much.</summary>
public sealed record ReviewQuestion
{
    internal ReviewQuestion(Turn turn, IReadOnlyList<string> choices, bool aboutSpeaker, double doubt, double seconds, IReadOnlyList<Turn> excerpts) =>
        (Turn, Choices, AboutSpeaker, Doubt, AffectedDuration, Excerpts) = (turn, choices, aboutSpeaker, doubt, seconds, excerpts);

    /// <summary>The turn that is asked about, one of <see cref="Diarization.Turns"/>.</summary>
    public Turn Turn { get; init; }

    /// <summary>Whose it may be, as shown: the present speaker first, then the one whose voice is nearest.</summary>
    public IReadOnlyList<string> Choices { get; init; }

    /// <summary>Whether the question is about all that the turn's speaker says: are the two choices one person?</summary>
    public bool AboutSpeaker { get; init; }

    /// <summary>How doubtful the present answer is, 0 to 1; a rank, not a calibrated probability.</summary>
    public double Doubt { get; init; }

    /// <summary>Seconds of speech that the answer decides: those of the turn and of turns that are more like it than like the rest of their speaker.</summary>
    public double AffectedDuration { get; init; }

    /// <summary>Turns to listen to: at most two of each choice, the clearest first, in the order of the choices.</summary>
    public IReadOnlyList<Turn> Excerpts { get; init; }

    /// <summary>The question as a sentence.</summary>
    public override string ToString() => AboutSpeaker
        ? $"are {Choices[0]} (at {SessionEdit.Clock(Turn.Start)}) and {Choices[1]} one person?"
        : $"is {SessionEdit.Clock(Turn.Start)}–{SessionEdit.Clock(Turn.End)} {string.Join(" or ", Choices)}{(Choices.Count > 1 ? "" : " or somebody else")}?";
}
