namespace Diarist.Server.Storage;

/// <summary>
/// The jobs, such that whatever a method has returned from survives the end of the process at any moment. One server uses it, from several threads.
/// </summary>
internal interface IJobStore : IDisposable
{
    /// <summary>Adds a job.</summary>
    void Add(Job job);

    /// <summary>The job of an identifier; <see langword="null"/> when there is none.</summary>
    Job? Find(string id);

    /// <summary>All jobs of a kind, newest first.</summary>
    IReadOnlyList<Job> List(JobKind kind);

    /// <summary>A job with this key that waits or is worked on; <see langword="null"/> when there is none.</summary>
    Job? FindActive(string key);

    /// <summary>Takes a job's new content, if the job still is in a state.</summary>
    /// <returns>Whether it was.</returns>
    bool Replace(Job job, JobState expected);

    /// <summary>Removes a job and what the database's files still hold of it.</summary>
    void Remove(string id);

    /// <summary>The job that has waited longest, which is worked on from now on; <see langword="null"/> when none waits.</summary>
    Job? TakeNext();

    /// <summary>The number of jobs in a state.</summary>
    int Count(JobState state);

    /// <summary>Lets every job wait again that was worked on when the last process ended.</summary>
    void Resume();
}
