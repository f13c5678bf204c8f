namespace Diarist.Identity;

/// <summary>A recording from which no voice can be enrolled: too little speech, or more than one person.</summary>
public sealed class EnrolmentException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The recording as the user named it.</param>
    /// <param name="problem">What was wrong, where, and what to do.</param>
    public EnrolmentException(string source, string problem)
        : base(source, problem)
    {
    }

    /// <summary>Where another person speaks; <see langword="null"/> when that was not the problem.</summary>
    public TimeRange? OtherPerson { get; init; }
}
