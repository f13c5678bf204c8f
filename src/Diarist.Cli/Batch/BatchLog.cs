using System.Globalization;
using System.Text.Json;

namespace Diarist.Cli.Batch;

/// <summary>
/// The log of one run: what was begun and how it ended, a JSON line each, written at once. A run that was killed has no last line, and what it
/// had begun without an end was lost with it.
/// </summary>
internal sealed class BatchLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    private BatchLog(FileStream file) => _file = file;

    /// <summary>Begins the log of this process.</summary>
    public static BatchLog Begin(BatchFolder folder, Shard? shard, int jobs)
    {
        string time = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        string path = Path.Combine(folder.Runs, $"{time}-{PartNames.Host}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}{Suffix(shard)}");
        try
        {
            var log = new BatchLog(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
            log.Write(new BatchEvent { Event = "run", Host = PartNames.Host, Process = Environment.ProcessId, Started = PartNames.Began, Jobs = jobs });
            return log;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be written: {OutputFile.Reason(error)}", error);
        }
    }

    /// <summary>Adds a line.</summary>
    public void Write(BatchEvent entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, BatchJson.Default.BatchEvent), (byte)'\n'];
        lock (_lock)
        {
            try
            {
                _file.Write(line);
                _file.Flush();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
            {
                throw new InputException(_file.Name, $"cannot be written: {OutputFile.Reason(error)}", error);
            }
        }
    }

    /// <summary>How often each recording was lost with a run that was killed.</summary>
    /// <param name="folder">The batch.</param>
    /// <param name="shard">The part whose runs count.</param>
    public static Dictionary<string, int> Lost(BatchFolder folder, Shard? shard)
    {
        var lost = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string log in Directory.EnumerateFiles(folder.Runs, "*" + Suffix(shard)))
        {
            var open = new HashSet<string>(StringComparer.Ordinal);
            bool lives = false;
            foreach (BatchEvent entry in ReadLog(log))
            {
                switch (entry.Event)
                {
                    case "run":
                        lives = entry.Host == PartNames.Host && PartNames.Lives(entry.Process ?? 0, entry.Started ?? 0);
                        break;
                    case "started":
                        open.Add(entry.Id!);
                        break;
                    default:
                        open.Remove(entry.Id ?? "");
                        break;
                }
            }

            foreach (string id in lives ? [] : open)
            {
                lost[id] = lost.GetValueOrDefault(id) + 1;
            }
        }

        return lost;
    }

    /// <summary>Every line of every run.</summary>
    public static IEnumerable<BatchEvent> ReadAll(BatchFolder folder) =>
        Directory.Exists(folder.Runs) ? Directory.EnumerateFiles(folder.Runs, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(ReadLog) : [];

    /// <summary>Seconds of audio a second, all jobs together, of what earlier runs on this machine did; null when none did.</summary>
    public static double? Speed(BatchFolder folder)
    {
        double seconds = 0, took = 0;
        int jobs = 1;
        bool here = false;
        foreach (BatchEvent entry in ReadAll(folder))
        {
            if (entry.Event == "run")
            {
                (here, jobs) = (entry.Host == PartNames.Host, entry.Jobs ?? 1);
            }
            else if (here && entry is { Event: "done", Seconds: double length, Took: double time })
            {
                (seconds, took) = (seconds + length, took + (time / jobs));
            }
        }

        return took > 0 ? seconds / took : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string Suffix(Shard? shard) => shard is null ? "-all.jsonl" : string.Create(CultureInfo.InvariantCulture, $"-{shard.Number}of{shard.Count}.jsonl");

    private static IEnumerable<BatchEvent> ReadLog(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            BatchEvent? entry = null;
            try
            {
                entry = JsonSerializer.Deserialize(line, BatchJson.Default.BatchEvent);
            }
            catch (JsonException)
            {
                // The last line of a run that was killed may be cut.
            }

            if (entry is not null)
            {
                yield return entry;
            }
        }
    }
}
