namespace Diarist.Audio.Codecs;

/// <summary>
/// Fills blocks of a transient that have no pulses with a little noise (RFC 6716, section 4.3.5), by what was heard before them, so that they
/// do not sound like holes.
/// </summary>
internal static class CeltAntiCollapse
{
    /// <summary>Fills the empty blocks of all bands.</summary>
    /// <param name="frame">The frame, with short blocks.</param>
    /// <param name="bands">Its bands.</param>
    /// <param name="energy">The energies of this frame and of those before it.</param>
    public static void Apply(CeltFrame frame, CeltBands bands, CeltEnergy energy)
    {
        for (int band = 0; band < frame.EndBand; band++)
        {
            int width = CeltTables.WidthOf(band), depth = (1 + frame.ShapeBits[band]) / width >> frame.Scale;
            float most = CeltEnergy.AmplitudeOf(-depth / 8f) / 2, unit = 1 / MathF.Sqrt(width << frame.Scale);
            for (int channel = 0; channel < frame.Channels; channel++)
            {
                float rise = Math.Max(0, energy.Now[(channel * CeltTables.Bands) + band] - LowestBefore(frame, energy, band, channel));
                float noise = 2 * CeltEnergy.AmplitudeOf(-rise) * (frame.Scale == 3 ? MathF.Sqrt(2) : 1);
                Span<float> lines = bands.Lines[channel].AsSpan(CeltTables.Edges[band] << frame.Scale, width << frame.Scale);
                FillEmpty(lines, bands, bands.Filled[channel][band], frame.Blocks, Math.Min(most, noise) * unit);
            }
        }
    }

    private static float LowestBefore(CeltFrame frame, CeltEnergy energy, int band, int channel)
    {
        int first = (channel * CeltTables.Bands) + band, second = frame.Channels == 1 ? CeltTables.Bands + band : first;
        return Math.Min(Math.Max(energy.Before[first], energy.Before[second]), Math.Max(energy.Earlier[first], energy.Earlier[second]));
    }

    private static void FillEmpty(Span<float> lines, CeltBands bands, uint filled, int blocks, float noise)
    {
        bool isChanged = false;
        for (int block = 0; block < blocks; block++)
        {
            if ((filled >> block & 1) != 0)
            {
                continue;
            }

            isChanged = true;
            for (int i = block; i < lines.Length; i += blocks)
            {
                bands.Noise.Seed = CeltNoise.NextSeed(bands.Noise.Seed);
                lines[i] = (bands.Noise.Seed & 0x8000) != 0 ? noise : -noise;
            }
        }

        if (isChanged)
        {
            CeltShape.Normalize(lines, 1);
        }
    }
}
