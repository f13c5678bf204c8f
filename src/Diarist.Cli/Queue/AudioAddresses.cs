using Diarist.Cli.Batch;
using Diarist.Server.Security;

namespace Diarist.Cli.Queue;

/// <summary>Where workers fetch recordings by HTTP: at an address that stands for the folder of the source.</summary>
internal sealed class AudioAddresses
{
    private readonly string _prefix;

    private AudioAddresses(string prefix) => _prefix = prefix;

    /// <summary>The addresses below a prefix.</summary>
    /// <exception cref="UsageException">It is no http or https address that a path can follow.</exception>
    public static AudioAddresses Parse(string prefix) => AllowedHosts.Parse(prefix) is { Query: "", Fragment: "" } address
        ? new AudioAddresses(address.AbsoluteUri.TrimEnd('/') + "/")
        : throw new UsageException($"--url-prefix takes an http or https address without a user, a query and a fragment, not '{prefix}'.");

    /// <summary>Requires that every recording that is a file has an address.</summary>
    /// <exception cref="UsageException">One is not below the folder of its source.</exception>
    public void Check(IReadOnlyList<BatchRecording> recordings)
    {
        foreach (BatchRecording recording in recordings.Where(recording => recording.ObjectKey is null))
        {
            _ = Of(recording);
        }
    }

    /// <summary>The address of a recording: the prefix, and its path below the folder of its source.</summary>
    /// <exception cref="UsageException">It is not below that folder.</exception>
    public string Of(BatchRecording recording)
    {
        string[] names = Path.GetRelativePath(recording.Root!, recording.Path).Split(Path.DirectorySeparatorChar);
        return names[0] == ".." || Path.IsPathRooted(names[0])
            ? throw new UsageException($"{recording.Path} is not below {recording.Root}, so that it has no address below {_prefix}.")
            : _prefix + string.Join('/', names.Select(Uri.EscapeDataString));
    }
}
