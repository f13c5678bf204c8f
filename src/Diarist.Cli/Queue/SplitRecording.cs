using Diarist.Cli.Batch;
using Diarist.Jobs;
using Diarist.Parts;

namespace Diarist.Cli.Queue;

/// <summary>
/// A long recording as jobs for several workers: the windows of every range; when these are there, the voices of every range; then the job that makes
/// the result. What was done for an earlier run is found by its name.
/// </summary>
/// <param name="whole">The job that makes the result without a split.</param>
/// <param name="ranges">The ranges.</param>
internal sealed class SplitRecording(Job whole, IReadOnlyList<ListeningRange> ranges)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Job> _handedIn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private bool _hasVoices;

    /// <summary>The jobs without a result so far.</summary>
    public IReadOnlyList<Job> Waiting
    {
        get
        {
            lock (_lock)
            {
                return [.. _handedIn.Values.Where(job => !_files.ContainsKey(job.Name))];
            }
        }
    }

    /// <summary>The jobs that have a result, and the object that holds it.</summary>
    public IReadOnlyList<(Job Job, string File)> Done
    {
        get
        {
            lock (_lock)
            {
                return [.. _files.Select(file => (_handedIn[file.Key], file.Value))];
            }
        }
    }

    /// <summary>The job that makes the result of what was heard; null before all is there.</summary>
    public Job? Joining { get; private set; }

    /// <summary>The first jobs.</summary>
    public IReadOnlyList<Job> Begin()
    {
        lock (_lock)
        {
            return HandIn(Steps(WorkStep.Windows, []));
        }
    }

    /// <summary>Takes the result of a job.</summary>
    /// <param name="name">The job.</param>
    /// <param name="file">The object that holds it.</param>
    /// <returns>The jobs that can follow.</returns>
    public IReadOnlyList<Job> Take(string name, string file)
    {
        lock (_lock)
        {
            if (!_handedIn.ContainsKey(name))
            {
                return [];
            }

            _files[name] = file;
            if (Joining is not null || Files(WorkStep.Windows) is not { } windows)
            {
                return [];
            }

            if (!_hasVoices)
            {
                _hasVoices = true;
                return HandIn(Steps(WorkStep.Voices, windows));
            }

            if (Files(WorkStep.Voices) is not { } voices)
            {
                return [];
            }

            Joining = whole with { Step = WorkStep.Join, Inputs = [.. windows, .. voices] };
            return [Joining];
        }
    }

    /// <summary>Forgets the result of a job that was lost.</summary>
    public void Forget(string name)
    {
        lock (_lock)
        {
            _files.Remove(name);
        }
    }

    private IEnumerable<Job> Steps(string step, IReadOnlyList<string> inputs) => ranges.Select(range =>
    {
        double? to = double.IsFinite(range.To) ? range.To : null;
        return whole with { Name = JobNames.OfStep(whole.Name, step, range.From, to), Step = step, From = range.From, To = to, Inputs = inputs };
    });

    private Job[] HandIn(IEnumerable<Job> jobs)
    {
        Job[] all = [.. jobs];
        Array.ForEach(all, job => _handedIn[job.Name] = job);
        return all;
    }

    // The files of a step, in order; null while one is missing.
    private string[]? Files(string step)
    {
        Job[] jobs = [.. _handedIn.Values.Where(job => job.Step == step).OrderBy(job => job.From)];
        return jobs.Length == ranges.Count && jobs.All(job => _files.ContainsKey(job.Name)) ? [.. jobs.Select(job => _files[job.Name])] : null;
    }
}
