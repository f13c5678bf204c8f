namespace Diarist;

/// <summary>
/// The base of every error that Diarist reports about the world outside it: files, packs, addresses.
/// The message says in one line what was wrong, where, and what to do. Misuse of the library by code
/// is reported with <see cref="ArgumentException"/> instead.
/// </summary>
public abstract class DiaristException : Exception
{
    /// <summary>What the user can do, for a host that has its own words for it; <see cref="Diarist.Remedy.None"/> when the message says everything.</summary>
    public Remedy Remedy { get; init; }

    /// <summary>What the remedy applies to, such as the id of a pack; <see langword="null"/> when it needs no name.</summary>
    public string? RemedySubject { get; init; }

    /// <summary>Creates the error with its one-line message.</summary>
    protected DiaristException(string message)
        : base(OneLine(message))
    {
    }

    /// <summary>Creates the error with its one-line message and the error that caused it.</summary>
    protected DiaristException(string message, Exception? innerException)
        : base(OneLine(message), innerException)
    {
    }

    // Messages cite names and pieces of files, which may hold anything.
    private static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(letter => char.IsControl(letter) ? ' ' : letter)) : message;
}

/// <summary>What the user can do about an error. A host adds the words: a command line names an option, an application a button.</summary>
public enum Remedy
{
    /// <summary>The message says everything.</summary>
    None,

    /// <summary>Obtain packs: pull them, or name a folder that holds them. The subject, if any, is one pack.</summary>
    ObtainPacks,

    /// <summary>Name a folder of packs that holds the subject, a pack without an address.</summary>
    NameMirror,

    /// <summary>Name another folder to write packs to.</summary>
    ChooseStore,

    /// <summary>Accept the licence of the subject, a pack.</summary>
    AcceptLicense,

    /// <summary>Give a name, a licence and an attribution for the file.</summary>
    DescribeFile,

    /// <summary>Permit that the speakers of the transcript are replaced.</summary>
    ReplaceSpeakers,

    /// <summary>State the encoding of the text.</summary>
    StateEncoding,
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

    /// <summary>Whether the format is none that is decoded, here or by ffmpeg: it may be damaged, unknown, or samples without a header.</summary>
    public bool IsUnknownFormat { get; init; }
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
