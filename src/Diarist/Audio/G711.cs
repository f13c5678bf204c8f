using System.Numerics;

namespace Diarist.Audio;

/// <summary>The companding of telephone networks, ITU-T G.711, between bytes and 16-bit linear samples.</summary>
internal static class G711
{
    private const int MuLawBias = 132;
    private const int MuLawClip = 32635;

    /// <summary>µ-law byte → linear, −32124 to 32124.</summary>
    public static short DecodeMuLaw(byte code)
    {
        int bits = ~code & 0xFF;
        int magnitude = ((((bits & 0x0F) << 3) + MuLawBias) << ((bits & 0x70) >> 4)) - MuLawBias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    /// <summary>Linear → µ-law byte.</summary>
    public static byte EncodeMuLaw(short sample)
    {
        int magnitude = Math.Min(Math.Abs((int)sample), MuLawClip) + MuLawBias;
        int exponent = BitOperations.Log2((uint)magnitude) - 7;
        int mantissa = magnitude >> (exponent + 3) & 0x0F;
        return (byte)~((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa);
    }

    /// <summary>A-law byte → linear, −32256 to 32256.</summary>
    public static short DecodeALaw(byte code)
    {
        int bits = code ^ 0x55;
        int exponent = (bits & 0x70) >> 4;
        int mantissa = ((bits & 0x0F) << 4) + 8;
        int magnitude = exponent == 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
