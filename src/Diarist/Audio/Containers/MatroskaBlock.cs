namespace Diarist.Audio.Containers;

/// <summary>A block of Matroska: packets of one track with one time.</summary>
/// <param name="Track">The number of the track.</param>
/// <param name="Nanoseconds">When its first packet is heard, by the segment's clock.</param>
/// <param name="Lacing">How its packets are laid out.</param>
/// <param name="Data">What follows its header; empty when it was not kept.</param>
internal readonly record struct MatroskaBlock(ulong Track, double Nanoseconds, MatroskaLacing.Kind Lacing, ReadOnlyMemory<byte> Data)
{
    /// <summary>How much of its end is not part of the sound; of its start when negative.</summary>
    public double DiscardNanoseconds { get; init; }
}
