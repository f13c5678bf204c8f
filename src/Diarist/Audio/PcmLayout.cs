namespace Diarist.Audio;

/// <summary>Decodes as many samples as the target holds.</summary>
internal delegate void PcmDecoder(ReadOnlySpan<byte> bytes, Span<float> samples);

/// <summary>The decoder of each layout of samples, and what it is called.</summary>
internal static class PcmLayout
{
    /// <summary>The decoder of a format, and its name without the container.</summary>
    public static (PcmDecoder Decode, string Name) Of(WavFormat format) => (format.Coding, format.SampleBytes) switch
    {
        (WavCoding.ALaw, _) => (PcmSample.Decode<PcmSample.ALaw>, "A-law"),
        (WavCoding.MuLaw, _) => (PcmSample.Decode<PcmSample.MuLaw>, "µ-law"),
        (WavCoding.Integer, 1) when format.IsSignedByte => (PcmSample.Decode<PcmSample.Signed8>, "8-bit signed integer"),
        (WavCoding.Integer, 1) => (PcmSample.Decode<PcmSample.Unsigned8>, "8-bit integer"),
        (WavCoding.Integer, 2) => Ordered<PcmSample.Signed16>(format, "16-bit integer"),
        (WavCoding.Integer, 3) => Ordered<PcmSample.Signed24>(format, "24-bit integer"),
        (WavCoding.Float, 4) => Ordered<PcmSample.Float32>(format, "32-bit float"),
        (WavCoding.Float, _) => Ordered<PcmSample.Float64>(format, "64-bit float"),
        _ => Ordered<PcmSample.Signed32>(format, "32-bit integer"),
    };

    private static (PcmDecoder Decode, string Name) Ordered<TSample>(WavFormat format, string name)
        where TSample : struct, IPcmSample =>
        format.IsHighFirst ? (PcmSample.Decode<PcmSample.HighFirst<TSample>>, $"{name}, big-endian") : (PcmSample.Decode<TSample>, name);
}
