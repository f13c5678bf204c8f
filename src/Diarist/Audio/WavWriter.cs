using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>Writes 16-bit PCM WAV, up to the 4 GB that its header can count.</summary>
internal sealed class WavWriter : AudioWriter
{
    private const int HeaderBytes = 44;

    private readonly byte[] _bytes = new byte[8192];
    private long _dataBytes;

    /// <summary>Starts the file.</summary>
    public WavWriter(string path, int sampleRate, int channels = 1)
        : base(path, sampleRate, channels) => WriteHeader();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<short> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int count = Math.Min(interleaved.Length, _bytes.Length / 2);
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(2 * i), interleaved[i]);
            }

            Output.Write(_bytes, 0, 2 * count);
            _dataBytes += 2 * count;
            interleaved = interleaved[count..];
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_dataBytes > uint.MaxValue - HeaderBytes)
        {
            throw new IOException("A WAV file cannot be longer than 4 GB; write FLAC instead.");
        }

        Output.Position = 0;
        WriteHeader();
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        int frameBytes = 2 * Channels;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(HeaderBytes - 8 + _dataBytes));
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], (short)WavCoding.Integer);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)Channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], SampleRate * frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)_dataBytes);
        Output.Write(header);
    }
}
