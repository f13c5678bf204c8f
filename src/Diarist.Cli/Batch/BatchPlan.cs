using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Diarist.Packs;

namespace Diarist.Cli.Batch;

/// <summary>A recording that a run has to do.</summary>
/// <param name="Recording">The recording.</param>
/// <param name="Identity">What a failure is of: the file's length and time, and what else decides the result.</param>
/// <param name="Bytes">The file's length; below 0 when there is none.</param>
/// <param name="Tries">How often it has failed.</param>
internal sealed record PlannedRecording(BatchRecording Recording, string Identity, long Bytes, int Tries)
{
    /// <summary>Its length, as far as its header tells.</summary>
    public double? Seconds { get; init; }
}

/// <summary>What a run has to do, found out before anything is done.</summary>
internal sealed record BatchPlan
{
    private const double BytesPerSecondOfUnknown = 32_000;
    private const double CalibrationShare = 0.05;
    private const double LongestCalibration = 60;
    private const double ShortestCalibration = 10;
    private const double ResultBytesPerSecond = 60;

    /// <summary>All recordings of this part.</summary>
    public required int Recordings { get; init; }

    /// <summary>How many have a result of their present content and options.</summary>
    public required int Done { get; init; }

    /// <summary>How many have failed so often that they are left alone.</summary>
    public required IReadOnlyList<BatchFailure> Quarantined { get; init; }

    /// <summary>What is to be done, by id.</summary>
    public required IReadOnlyList<PlannedRecording> Pending { get; init; }

    /// <summary>Whether every length is from a header.</summary>
    public bool IsExact => Pending.All(planned => planned.Seconds is not null || planned.Bytes <= 0);

    /// <summary>The length of what is to be done, in seconds; where the header was not opened, as many as the others have for these bytes.</summary>
    public double PendingSeconds
    {
        get
        {
            PlannedRecording[] known = [.. Pending.Where(planned => planned.Seconds is not null)];
            double knownSeconds = known.Sum(planned => planned.Seconds!.Value);
            double perSecond = knownSeconds > 0 ? known.Sum(planned => planned.Bytes) / knownSeconds : BytesPerSecondOfUnknown;
            return knownSeconds + (Pending.Where(planned => planned.Seconds is null).Sum(planned => Math.Max(0, planned.Bytes)) / perSecond);
        }
    }

    /// <summary>Seconds of audio that are diarized to learn how fast this machine is; 0 when there is too little work for that.</summary>
    public double CalibrationSeconds => CalibrationShare * PendingSeconds is >= ShortestCalibration and var share ? Math.Min(share, LongestCalibration) : 0;

    /// <summary>The recording that stands for all in a calibration: the longest of those with a known length.</summary>
    public BatchRecording? Sample => Pending.Where(planned => planned.Seconds is not null).MaxBy(planned => planned.Seconds)?.Recording;

    /// <summary>About how many bytes the results will take.</summary>
    public double ResultBytes(int formats) => PendingSeconds * ResultBytesPerSecond * formats;

    /// <summary>Finds out what is to be done.</summary>
    /// <param name="recordings">The recordings of this part.</param>
    /// <param name="settings">What decides the results.</param>
    /// <param name="packs">The networks.</param>
    /// <param name="folder">Where results are.</param>
    /// <param name="tries">How often a recording may fail.</param>
    /// <param name="checks">How much is read again.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static BatchPlan Make(
        IReadOnlyList<BatchRecording> recordings, BatchSettings settings, IReadOnlyList<LocatedPack> packs, BatchFolder folder, int tries, BatchChecks checks, CancellationToken cancellationToken)
    {
        var pending = new List<PlannedRecording>();
        var quarantined = new List<BatchFailure>();
        int done = 0;
        foreach (BatchRecording recording in recordings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string description = settings.Describe(recording, packs);
            var file = new FileInfo(recording.Path);
            (long bytes, long modified) = file.Exists ? (file.Length, file.LastWriteTimeUtc.Ticks) : (-1, 0);
            if (!checks.Content && folder.ReadSidecar(recording.Id, verify: false) is { } sidecar
                && (sidecar.Bytes, sidecar.Modified) == (bytes, modified) && sidecar.Key == BatchSettings.Key(sidecar.Content, description))
            {
                done++;
                continue;
            }

            string identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes} {modified}\n{description}"))));
            BatchFailure? failure = folder.ReadFailure(recording.Id) is { } known && known.Identity == identity && !checks.Failures ? known : null;
            if (failure is not null && (failure.Quarantined || failure.Tries >= tries))
            {
                quarantined.Add(failure);
                continue;
            }

            pending.Add(new PlannedRecording(recording, identity, bytes, failure?.Tries ?? 0));
        }

        return new BatchPlan { Recordings = recordings.Count, Done = done, Quarantined = quarantined, Pending = pending };
    }
}

/// <summary>What of an earlier run is not taken on trust.</summary>
/// <param name="Content">Whether recordings and results are read and compared with their hashes although lengths and times are as they were.</param>
/// <param name="Failures">Whether recordings that were left alone are tried again.</param>
internal sealed record BatchChecks(bool Content, bool Failures);
