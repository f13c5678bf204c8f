namespace Diarist;

/// <summary>
/// The base of every error that Diarist reports about the world outside it: files, packs, addresses.
/// The message says in one line what was wrong, where, and what to do. Misuse of the library by code
/// is reported with <see cref="ArgumentException"/> instead.
/// </summary>
public abstract class DiaristException : Exception
{
    /// <summary>Creates the error with its one-line message.</summary>
    protected DiaristException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its one-line message and the error that caused it.</summary>
    protected DiaristException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An input file could not be used; the command line exits with 3.</summary>
public class InputException : DiaristException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file or stream as the user named it.</param>
    /// <param name="problem">What was wrong, where in it (byte offset, line), and what to do.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public InputException(string source, string problem, Exception? innerException = null)
        : base($"{source}: {problem}", innerException) => InputName = source;

    /// <summary>The file or stream as the user named it.</summary>
    public string InputName { get; }
}

/// <summary>Audio that is not what it claims to be, or is of a kind that cannot be decoded here.</summary>
public sealed class AudioFormatException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file or stream as the user named it.</param>
    /// <param name="problem">What was wrong, with the byte offset where there is one, and what to do.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public AudioFormatException(string source, string problem, Exception? innerException = null)
        : base(source, problem, innerException)
    {
    }

    /// <summary>Whether the file has no header, so that its coding, rate and channels must be stated (<see cref="Audio.AudioReadOptions.Raw"/>).</summary>
    public bool IsHeaderless { get; init; }
}

/// <summary>A text of turns, words or segments (RTTM, STM, CTM, UEM, SegLST, a transcript) that breaks its format.</summary>
public sealed class AnnotationFormatException : InputException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The file as the user named it.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="problem">What was wrong with it, and what was expected.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    public AnnotationFormatException(string source, int line, string problem, Exception? innerException = null)
        : base(source, $"line {line}: {problem}", innerException) => Line = line;

    /// <summary>The line, from 1.</summary>
    public int Line { get; }
}

/// <summary>A pack is missing, damaged, of the wrong kind or not permitted; the command line exits with 4.</summary>
public class PackException : DiaristException
{
    /// <summary>Creates the error with its one-line message, which names the pack, the file and the remedy.</summary>
    public PackException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A pack could not be downloaded; the command line exits with 5.</summary>
public sealed class PackDownloadException : DiaristException
{
    /// <summary>Creates the error with its one-line message, which names the pack, the address and the remedy.</summary>
    public PackDownloadException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
