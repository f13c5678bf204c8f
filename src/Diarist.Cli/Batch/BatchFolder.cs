using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Diarist.Cli.Batch;

/// <summary>
/// The folder of a batch's results. Besides them it holds <c>.diarist/done</c> (a sidecar for each result: the result counts once it is there),
/// <c>.diarist/failed</c> (a file for each recording without one) and <c>.diarist/runs</c> (a log for each run). No file is written by two
/// processes, and none is a lock, so any number of them may share the folder, over a network too.
/// </summary>
internal sealed class BatchFolder(string path)
{
    private const string State = ".diarist";
    private const string FailuresFile = "failures.jsonl";
    private const int LongestName = 200;
    private const long LargestDocument = 64 << 20;

    private readonly string _root = System.IO.Path.GetFullPath(path);

    /// <summary>The folder as it was named.</summary>
    public string Path { get; } = path;

    /// <summary>The file with a line for each recording that failed.</summary>
    public string Failures => System.IO.Path.Combine(_root, FailuresFile);

    /// <summary>The folder of the logs.</summary>
    public string Runs => System.IO.Path.Combine(_root, State, "runs");

    private string Parts => System.IO.Path.Combine(_root, State, "parts");

    /// <summary>Whether a batch has ever written here.</summary>
    public bool Exists => Directory.Exists(System.IO.Path.Combine(_root, State));

    /// <summary>The path of a result, below the folder, with / between folders.</summary>
    public static string OutputOf(string id, OutputFormat format) => id + format.Extension;

    /// <summary>A file of a result.</summary>
    public string PathOf(string output) => System.IO.Path.Combine(_root, output.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>The sidecar of a recording; null when there is none, or when what it lists is not there.</summary>
    /// <param name="id">The recording.</param>
    /// <param name="verify">Whether the results are read and compared with their hashes; otherwise their lengths are.</param>
    public BatchSidecar? ReadSidecar(string id, bool verify)
    {
        BatchSidecar? sidecar = Read(FileOf("done", id), BatchJson.Default.BatchSidecar);
        return sidecar is { Schema: BatchSidecar.CurrentSchema } && sidecar.Id == id && sidecar.Outputs.All(output => IsThere(output, verify)) ? sidecar : null;
    }

    /// <summary>
    /// Makes a result the result: its files get their names, and then the sidecar appears. Where another process was first with the same key,
    /// its sidecar stays.
    /// </summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Commit(BatchSidecar sidecar, IReadOnlyList<(string Path, byte[] Bytes)> outputs)
    {
        string done = FileOf("done", sidecar.Id);
        byte[] document = JsonSerializer.SerializeToUtf8Bytes(sidecar, BatchJson.Default.BatchSidecar);
        string[] parts = [.. outputs.Select(output => WritePart(PathOf(output.Path), output.Bytes))];
        string part = WritePart(done, document);
        Guard(done, () =>
        {
            // A sidecar of other content must not stand beside these results, not even for a moment; what is no sidecar must not stand at all.
            if (File.Exists(done) && Read(done, BatchJson.Default.BatchSidecar)?.Key != sidecar.Key)
            {
                Remove(sidecar.Id, keep: [.. outputs.Select(output => output.Path)]);
            }
        });
        foreach (((string output, _), string written) in outputs.Zip(parts))
        {
            Guard(PathOf(output), () => File.Move(written, PathOf(output), overwrite: true));
        }

        Guard(done, () => MoveFirst(part, done));
        ForgetFailure(sidecar.Id);
    }

    /// <summary>Notes that the recording was written to without a change of its content.</summary>
    public void Refresh(BatchSidecar sidecar) => Replace(FileOf("done", sidecar.Id), JsonSerializer.SerializeToUtf8Bytes(sidecar, BatchJson.Default.BatchSidecar));

    /// <summary>Takes a result back: its sidecar goes first, then its files.</summary>
    /// <param name="id">The recording.</param>
    /// <param name="keep">Files that stay.</param>
    public void Remove(string id, params IReadOnlyCollection<string> keep)
    {
        string done = FileOf("done", id);
        BatchSidecar? older = Read(done, BatchJson.Default.BatchSidecar);
        Delete(done);
        foreach (string stale in older?.Outputs.Select(output => output.Path).Except(keep) ?? [])
        {
            Delete(PathOf(stale));
        }
    }

    /// <summary>What is known of earlier tries of a recording; null when none failed.</summary>
    public BatchFailure? ReadFailure(string id) => Read(FileOf("failed", id), BatchJson.Default.BatchFailure) is { } failure && failure.Id == id ? failure : null;

    /// <summary>Records a try that failed.</summary>
    public void WriteFailure(BatchFailure failure) => Replace(FileOf("failed", failure.Id), JsonSerializer.SerializeToUtf8Bytes(failure, BatchJson.Default.BatchFailure));

    /// <summary>Forgets the failures of a recording.</summary>
    public void ForgetFailure(string id) => Delete(FileOf("failed", id));

    /// <summary>All sidecars, by id.</summary>
    public IEnumerable<BatchSidecar> Sidecars() => ReadAll("done", BatchJson.Default.BatchSidecar).OrderBy(sidecar => sidecar.Id, StringComparer.Ordinal);

    /// <summary>All failures, by id.</summary>
    public IEnumerable<BatchFailure> AllFailures() => ReadAll("failed", BatchJson.Default.BatchFailure).OrderBy(failure => failure.Id, StringComparer.Ordinal);

    /// <summary>Writes <c>failures.jsonl</c> of all failures; again when another process recorded one meanwhile. Without failures the file goes.</summary>
    public void WriteFailures()
    {
        byte[]? written = null;
        while (true)
        {
            using var lines = new MemoryStream();
            foreach (BatchFailure failure in AllFailures())
            {
                JsonSerializer.Serialize(lines, failure, BatchJson.Default.BatchFailure);
                lines.WriteByte((byte)'\n');
            }

            byte[] now = lines.ToArray();
            if (written is not null && now.AsSpan().SequenceEqual(written))
            {
                return;
            }

            if (now.Length == 0)
            {
                Delete(Failures);
            }
            else
            {
                Replace(Failures, now);
            }

            written = now;
        }
    }

    /// <summary>Makes the folders that every run needs, and deletes what processes that were killed left half written.</summary>
    /// <exception cref="InputException">They cannot be made.</exception>
    public void Create() => Guard(Path, () =>
    {
        Directory.CreateDirectory(Runs);
        foreach (string part in Directory.EnumerateFiles(Directory.CreateDirectory(Parts).FullName).Where(part => PartNames.IsAbandoned(part)))
        {
            Delete(part);
        }
    });

    // A name of its own for each id: readable, and of a length that every file system takes.
    private string FileOf(string kind, string id)
    {
        string[] parts = id.Split('/');
        if (parts.Any(part => Encoding.UTF8.GetByteCount(part) > LongestName))
        {
            parts = [".long", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))];
        }

        return System.IO.Path.Combine([_root, State, kind, .. parts]) + ".json";
    }

    private bool IsThere(BatchOutput output, bool verify)
    {
        var file = new FileInfo(PathOf(output.Path));
        if (!file.Exists || file.Length != output.Bytes)
        {
            return false;
        }

        using FileStream? stream = verify ? file.OpenRead() : null;
        return stream is null || Convert.ToHexStringLower(SHA256.HashData(stream)) == output.Sha256;
    }

    private IEnumerable<T> ReadAll<T>(string kind, JsonTypeInfo<T> type)
        where T : class
    {
        string folder = System.IO.Path.Combine(_root, State, kind);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.json", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(file => Read(file, type)).OfType<T>()
            : [];
    }

    private static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: < LargestDocument } ? JsonSerializer.Deserialize(File.ReadAllBytes(file), type) : null;
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            // A file that is damaged says nothing; the work is done again.
            return null;
        }
    }

    // Files that are not whole yet lie together in one folder, on the disk of the results: a process that is killed leaves nothing among them.
    private string WritePart(string path, byte[] bytes)
    {
        string part = System.IO.Path.Combine(Parts, PartNames.Next());
        Guard(path, () =>
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(Parts);
            File.WriteAllBytes(part, bytes);
        });
        return part;
    }

    private void Replace(string path, byte[] bytes)
    {
        string part = WritePart(path, bytes);
        Guard(path, () => File.Move(part, path, overwrite: true));
    }

    private static void MoveFirst(string part, string path)
    {
        try
        {
            File.Move(part, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            Delete(part);
        }
    }

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException)
        {
            throw new InputException(path, $"cannot be written: {OutputFile.Reason(error)}", error);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // What is not there need not go.
        }
    }
}
