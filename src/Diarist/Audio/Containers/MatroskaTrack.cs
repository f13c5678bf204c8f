namespace Diarist.Audio.Containers;

/// <summary>What Matroska's entry of a track says (RFC 9559, section 5.1.4), as far as audio needs it.</summary>
internal sealed class MatroskaTrack
{
    private const int AudioType = 2;

    /// <summary>Its number in blocks.</summary>
    public long Number { get; private set; }

    /// <summary>Whether it is audio.</summary>
    public bool IsAudio { get; private set; }

    /// <summary>Its codec: <c>A_OPUS</c>.</summary>
    public string Codec { get; private set; } = "";

    /// <summary>The codec's own header.</summary>
    public byte[] CodecPrivate { get; private set; } = [];

    /// <summary>Nanoseconds at the start that are not part of the sound; <see langword="null"/> when it does not say.</summary>
    public ulong? CodecDelay { get; private set; }

    /// <summary>Whether its blocks are compressed or encrypted.</summary>
    public bool IsEncoded { get; private set; }

    private int Channels { get; set; } = 1;

    private bool IsDefault { get; set; } = true;

    private string? Title { get; set; }

    private string Language { get; set; } = "eng";

    /// <summary>Reads the audio tracks.</summary>
    /// <param name="tracks">The content of the element Tracks.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static List<MatroskaTrack> ReadAudio(ReadOnlySpan<byte> tracks)
    {
        const uint Entry = 0xAE;
        var audio = new List<MatroskaTrack>();
        while (Ebml.TryTake(ref tracks, out uint id, out ReadOnlySpan<byte> content))
        {
            var track = new MatroskaTrack();
            if (id == Entry)
            {
                track.Read(content);
            }

            if (track.IsAudio)
            {
                audio.Add(track);
            }
        }

        return audio;
    }

    /// <summary>The track as it is shown.</summary>
    /// <param name="number">Its number among the audio tracks, from 1.</param>
    public AudioTrack Describe(int number) =>
        new(number, Codec.StartsWith("A_", StringComparison.Ordinal) ? Codec[2..].ToLowerInvariant() : Codec, Channels, Language is "und" or "" ? null : Language, Title, IsDefault);

    private void Read(ReadOnlySpan<byte> entry)
    {
        while (Ebml.TryTake(ref entry, out uint id, out ReadOnlySpan<byte> content))
        {
            switch (id)
            {
                case 0xD7:
                    Number = (long)Ebml.ReadUnsigned(content);
                    break;
                case 0x83:
                    IsAudio = Ebml.ReadUnsigned(content) == AudioType;
                    break;
                case 0x88:
                    IsDefault = Ebml.ReadUnsigned(content) != 0;
                    break;
                case 0x86:
                    Codec = Ebml.ReadText(content);
                    break;
                case 0x63A2:
                    CodecPrivate = content.ToArray();
                    break;
                case 0x56AA:
                    CodecDelay = Ebml.ReadUnsigned(content);
                    break;
                case 0x22B59C:
                    Language = Ebml.ReadText(content);
                    break;
                case 0x536E:
                    Title = Ebml.ReadText(content);
                    break;
                case 0x6D80:
                    IsEncoded = true;
                    break;
                case 0xE1:
                    ReadAudioSettings(content);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadAudioSettings(ReadOnlySpan<byte> settings)
    {
        const uint ChannelCount = 0x9F;
        while (Ebml.TryTake(ref settings, out uint id, out ReadOnlySpan<byte> content))
        {
            Channels = id == ChannelCount ? (int)Math.Min(255, Ebml.ReadUnsigned(content)) : Channels;
        }
    }
}
