using System.Security.Cryptography;
using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>What one recording says of a voice: the sums of its pieces (1 KB), which cannot be heard but can recognize. Biometric data.</summary>
public sealed class VoiceExemplar
{
    internal VoiceExemplar(SpeakerGroup group, VoiceChannel channel)
    {
        // The stored form rounds; what is in memory is what a store gives back.
        byte[] bytes = new byte[group.ByteCount];
        group.Write(bytes);
        (Group, Channel) = (SpeakerGroup.Read(bytes), channel);
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Seconds in which the person speaks alone.</summary>
    public double SpeechDuration => Group.Seconds;

    /// <summary>What the voice came over.</summary>
    public VoiceChannel Channel { get; }

    internal SpeakerGroup Group { get; }

    /// <summary>Whether another exemplar says the same to the byte, as the same recording does.</summary>
    internal bool Repeats(VoiceExemplar other)
    {
        if (Channel != other.Channel || Group.ByteCount != other.Group.ByteCount)
        {
            return false;
        }

        byte[] own = new byte[Group.ByteCount], others = new byte[Group.ByteCount];
        Group.Write(own);
        other.Group.Write(others);
        bool same = own.AsSpan().SequenceEqual(others);
        CryptographicOperations.ZeroMemory(own);
        CryptographicOperations.ZeroMemory(others);
        return same;
    }
}
