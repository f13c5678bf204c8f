using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Diarist.Audio;

/// <summary>How one sample is laid out in bytes; full scale decodes to ±1.</summary>
internal interface IPcmSample
{
    /// <summary>Bytes of one sample.</summary>
    static abstract int Size { get; }

    /// <summary>Decodes the sample at the start of <paramref name="bytes"/>.</summary>
    static abstract float Decode(ReadOnlySpan<byte> bytes);
}

/// <summary>Decodes runs of samples of one layout.</summary>
internal static class PcmSample
{
    /// <summary>Decodes as many samples as <paramref name="samples"/> holds.</summary>
    public static void Decode<TSample>(ReadOnlySpan<byte> bytes, Span<float> samples)
        where TSample : struct, IPcmSample
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = TSample.Decode(bytes.Slice(i * TSample.Size, TSample.Size));
        }
    }

    /// <summary>Unsigned 8-bit; 128 is silence.</summary>
    internal readonly struct Unsigned8 : IPcmSample
    {
        public static int Size => 1;

        public static float Decode(ReadOnlySpan<byte> bytes) => (bytes[0] - 128) * (1f / 128);
    }

    /// <summary>Signed 8-bit, which WAV does not know.</summary>
    internal readonly struct Signed8 : IPcmSample
    {
        public static int Size => 1;

        public static float Decode(ReadOnlySpan<byte> bytes) => (sbyte)bytes[0] * (1f / 128);
    }

    /// <summary>Signed 16-bit.</summary>
    internal readonly struct Signed16 : IPcmSample
    {
        public static int Size => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float Decode(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes) * (1f / 32768);
    }

    /// <summary>Signed 24-bit.</summary>
    internal readonly struct Signed24 : IPcmSample
    {
        public static int Size => 3;

        public static float Decode(ReadOnlySpan<byte> bytes) => (bytes[0] | bytes[1] << 8 | (sbyte)bytes[2] << 16) * (1f / 8388608);
    }

    /// <summary>Signed 32-bit, rounded to the nearest float.</summary>
    internal readonly struct Signed32 : IPcmSample
    {
        public static int Size => 4;

        public static float Decode(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes) * (1f / 2147483648);
    }

    /// <summary>A layout with its bytes in the other order.</summary>
    internal readonly struct HighFirst<TSample> : IPcmSample
        where TSample : struct, IPcmSample
    {
        public static int Size => TSample.Size;

        public static float Decode(ReadOnlySpan<byte> bytes)
        {
            Span<byte> turned = stackalloc byte[TSample.Size];
            bytes.CopyTo(turned);
            turned.Reverse();
            return TSample.Decode(turned);
        }
    }

    /// <summary>32-bit float.</summary>
    internal readonly struct Float32 : IPcmSample
    {
        public static int Size => 4;

        public static float Decode(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    /// <summary>64-bit float, rounded to the nearest float.</summary>
    internal readonly struct Float64 : IPcmSample
    {
        public static int Size => 8;

        public static float Decode(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>ITU-T G.711 A-law.</summary>
    internal readonly struct ALaw : IPcmSample
    {
        public static int Size => 1;

        public static float Decode(ReadOnlySpan<byte> bytes) => G711.DecodeALaw(bytes[0]) * (1f / 32768);
    }

    /// <summary>ITU-T G.711 µ-law.</summary>
    internal readonly struct MuLaw : IPcmSample
    {
        public static int Size => 1;

        public static float Decode(ReadOnlySpan<byte> bytes) => G711.DecodeMuLaw(bytes[0]) * (1f / 32768);
    }
}
