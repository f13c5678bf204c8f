using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diarist.Server;

/// <summary>What can be watched of the server from outside: the names are those of the meter and the activity source, for OpenTelemetry or <c>dotnet-counters</c>.</summary>
public static class ServerMetrics
{
    /// <summary>The name of both.</summary>
    public const string Name = "Diarist.Server";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Activities { get; } = new(Name);

    internal static Counter<long> Jobs { get; } = Meter.CreateCounter<long>("diarist.jobs", "{job}", "Jobs that ended, by outcome.");

    internal static Counter<double> Seconds { get; } = Meter.CreateCounter<double>("diarist.audio", "s", "Sound that was diarized.");

    internal static UpDownCounter<long> Uploads { get; } = Meter.CreateUpDownCounter<long>("diarist.uploads", "{upload}", "Uploads that are being received.");
}
