namespace Diarist.Sessions;

/// <summary>A session file that is damaged, or of a version that is not read here.</summary>
public sealed class SessionFormatException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file as the user named it.</param>
    /// <param name="problem">What was wrong, where, and what to do.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public SessionFormatException(string source, string problem, Exception? innerException = null)
        : base(source, problem, innerException)
    {
    }
}

/// <summary>A correction that cannot be made: it contradicts an earlier one, names what is not there, or needs voices that were forgotten.</summary>
public sealed class SessionEditException : DiaristException
{
    /// <summary>Creates the error with its sentence.</summary>
    public SessionEditException(string message)
        : base(message)
    {
    }
}

/// <summary>A session file that another program changed after it was opened, so that it is not written over.</summary>
public sealed class SessionChangedException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file as the user named it.</param>
    public SessionChangedException(string source)
        : base(source, "was changed by another program after it was opened, and is left as it is; open it again and repeat the correction.")
    {
    }
}
