namespace Diarist.Tests.Support;

/// <summary>Tests that measure the whole process, whose memory other tests would change; they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}
