using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>A profile as bytes, before encryption.</summary>
internal static class VoiceProfileBytes
{
    /// <summary>The most bytes of a profile: 20 exemplars of 1 KB and a name.</summary>
    public const int Most = 64 << 10;

    private const int MostGroupBytes = 2 << 10;

    public static byte[] Write(VoiceProfile profile, int revision)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(revision);
            writer.Write(profile.Id.ToByteArray());
            writer.Write(profile.Name);
            writer.Write(profile.Embedder);
            writer.Write(profile.IsPrimaryUser);
            writer.Write(profile.Enrolled?.UtcTicks ?? 0);
            writer.Write((byte)profile.Exemplars.Count);
            foreach (VoiceExemplar exemplar in profile.Exemplars)
            {
                byte[] group = new byte[exemplar.Group.ByteCount];
                exemplar.Group.Write(group);
                writer.Write((byte)exemplar.Channel);
                writer.Write((ushort)group.Length);
                writer.Write(group);
            }
        }

        return stream.ToArray();
    }

    /// <exception cref="VoiceStoreException">The bytes are no profile.</exception>
    public static (VoiceProfile Profile, int Revision) Read(byte[] bytes, string path)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            int revision = reader.ReadInt32();
            var id = new Guid(reader.ReadBytes(16));
            string name = reader.ReadString(), embedder = reader.ReadString();
            bool primary = reader.ReadBoolean();
            long enrolled = reader.ReadInt64();
            var exemplars = new VoiceExemplar[reader.ReadByte()];
            for (int place = 0; place < exemplars.Length; place++)
            {
                var channel = (VoiceChannel)reader.ReadByte();
                byte[] group = reader.ReadBytes(Math.Min(MostGroupBytes, (int)reader.ReadUInt16()));
                exemplars[place] = new VoiceExemplar(SpeakerGroup.Read(group), channel);
            }

            return (new VoiceProfile(id, name, embedder, exemplars) { IsPrimaryUser = primary, Enrolled = enrolled == 0 ? null : new DateTimeOffset(enrolled, TimeSpan.Zero) }, revision);
        }
        catch (Exception error) when (error is IOException or ArgumentException or FormatException or OverflowException)
        {
            throw new VoiceStoreException(path, $"it is damaged: {error.Message}", error);
        }
    }
}
