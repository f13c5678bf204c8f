using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Diarist.Server.Storage;

/// <summary>Jobs in a SQLite file: write-ahead log, every change on the disk before it is acknowledged, what is deleted overwritten.</summary>
internal sealed class SqliteJobStore : IJobStore
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS jobs(
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            key TEXT NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs(state, number);
        CREATE INDEX IF NOT EXISTS jobs_by_key ON jobs(key);
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    /// <summary>Opens the database, or makes it.</summary>
    /// <param name="path">The file.</param>
    public SqliteJobStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000;");
            Execute(Schema);
        }
        catch (SqliteException error)
        {
            _connection.Dispose();
            throw new InputException(path, $"the jobs cannot be opened: {error.Message}", error);
        }
    }

    public void Add(Job job)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("INSERT INTO jobs(id, kind, state, key, body) VALUES ($id, $kind, $state, $key, $body)", job);
            command.ExecuteNonQuery();
        }
    }

    public Job? Find(string id) => Query("SELECT body FROM jobs WHERE id = $id", ("$id", id)).FirstOrDefault();

    public IReadOnlyList<Job> List(JobKind kind) => Query("SELECT body FROM jobs WHERE kind = $kind ORDER BY number DESC", ("$kind", kind.ToString()));

    public Job? FindActive(string key) =>
        Query("SELECT body FROM jobs WHERE key = $key AND state IN ('Queued', 'Running') ORDER BY number LIMIT 1", ("$key", key)).FirstOrDefault();

    public bool Replace(Job job, JobState expected)
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("UPDATE jobs SET state = $state, key = $key, body = $body WHERE id = $id AND kind = $kind AND state = $expected", job);
            command.Parameters.AddWithValue("$expected", expected.ToString());
            return command.ExecuteNonQuery() == 1;
        }
    }

    public void Remove(string id)
    {
        lock (_gate)
        {
            using (SqliteCommand command = _connection.CreateCommand())
            {
                command.CommandText = "DELETE FROM jobs WHERE id = $id";
                command.Parameters.AddWithValue("$id", id);
                command.ExecuteNonQuery();
            }

            // The log would hold earlier versions of the row until it is used again.
            Execute("PRAGMA wal_checkpoint(TRUNCATE);");
        }
    }

    public Job? TakeNext()
    {
        lock (_gate)
        {
            Job? next = Query("SELECT body FROM jobs WHERE state = 'Queued' ORDER BY number LIMIT 1").FirstOrDefault();
            Job? taken = next is null ? null : next with { State = JobState.Running };
            return taken is not null && Replace(taken, JobState.Queued) ? taken : null;
        }
    }

    public int Count(JobState state)
    {
        lock (_gate)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM jobs WHERE state = $state";
            command.Parameters.AddWithValue("$state", state.ToString());
            return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    public void Resume()
    {
        foreach (Job job in Query("SELECT body FROM jobs WHERE state = 'Running'"))
        {
            Replace(job with { State = JobState.Queued }, JobState.Running);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    private List<Job> Query(string sql, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        lock (_gate)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach ((string name, string value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            using SqliteDataReader reader = command.ExecuteReader();
            var jobs = new List<Job>();
            while (reader.Read())
            {
                jobs.Add(JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), JobJson.Default.Job)!);
            }

            return jobs;
        }
    }

    private SqliteCommand Command(string sql, Job job)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", job.Id);
        command.Parameters.AddWithValue("$kind", job.Kind.ToString());
        command.Parameters.AddWithValue("$state", job.State.ToString());
        command.Parameters.AddWithValue("$key", job.Key);
        command.Parameters.AddWithValue("$body", JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.Job));
        return command;
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
