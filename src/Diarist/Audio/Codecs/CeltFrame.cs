namespace Diarist.Audio.Codecs;

/// <summary>What is known of one frame of CELT: what its header says, and the bits that its bands have.</summary>
internal sealed class CeltFrame
{
    /// <summary>Its length: 120 samples times two to this power.</summary>
    public int Scale { get; set; }

    /// <summary>Coded channels: 1 or 2.</summary>
    public int Channels { get; set; }

    /// <summary>The band behind the last one that is coded.</summary>
    public int EndBand { get; set; }

    /// <summary>Whether it is digital silence.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether it has short blocks.</summary>
    public bool IsTransient { get; set; }

    /// <summary>How pulses are spread over neighbouring lines: 0 not at all, 3 most.</summary>
    public int Spread { get; set; }

    /// <summary>The bits by which each band trades resolution in time for resolution in frequency (positive) or the reverse.</summary>
    public int[] Resolutions { get; } = new int[CeltTables.Bands];

    /// <summary>The eighths of bits for the shape of each band.</summary>
    public int[] ShapeBits { get; } = new int[CeltTables.Bands];

    /// <summary>The bits for the fine part of each energy.</summary>
    public int[] FineBits { get; } = new int[CeltTables.Bands];

    /// <summary>Whether the last bits of the frame serve this band's energy only after others.</summary>
    public bool[] IsLate { get; } = new bool[CeltTables.Bands];

    /// <summary>The band behind the last one that has bits for its shape.</summary>
    public int CodedBands { get; set; }

    /// <summary>The first band whose channels have one shape.</summary>
    public int IntensityBand { get; set; }

    /// <summary>Whether bands below code both channels by themselves.</summary>
    public bool IsDual { get; set; }

    /// <summary>Eighths of bits that are left over from dividing them.</summary>
    public int Balance { get; set; }

    /// <summary>Samples of each channel.</summary>
    public int Size => CeltTables.ShortSize << Scale;

    /// <summary>Blocks that follow each other in time.</summary>
    public int Blocks => IsTransient ? 1 << Scale : 1;
}
