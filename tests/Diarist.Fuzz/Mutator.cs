using System.Text;

namespace Diarist.Fuzz;

/// <summary>Makes inputs that are almost right out of inputs that are right.</summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInput = 1 << 16;

    // What parsers tend to stumble over: ends of ranges, foreign digits, halves of pairs, deep nesting, separators.
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "0", "-1", "1e999", "1e-320", "NaN", "Infinity", "2147483647", "4294967296", "9223372036854775808", "99999999999999999999999", "0.0000000001", "100000001",
            "۰۱", "１", "\\ud800", "\\u0000", "\0", "\uFEFF", "\u2028", "\r", "\n", "\t", " ", "\"", "\\", "[", "]", "{", "}", "{}", "[]", "null", "true", ",", ":", "-->", "<v ", "<", ">", "&amp;", "&#",
            "<NA>", "00:00:00,000", "00:00", "SPEAKER", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":", "\"segments\":", "\"words\":", "\"start\":", "\"speaker\":", "é", "漢字", "😀", ";;", "<o,f0,male>",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xff, 0xfe], [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80],
    ];

    /// <summary>A mutation of one of the seeds.</summary>
    /// <param name="seeds">Inputs that are right.</param>
    /// <param name="repair">Makes the mutation consistent again; one in eight stays as it is.</param>
    public byte[] Next(IReadOnlyList<byte[]> seeds, Action<byte[]>? repair)
    {
        List<byte> bytes = [.. seeds[random.Next(seeds.Count)]];
        int changes = 1 << random.Next(5);
        for (int change = 0; change < changes; change++)
        {
            Change(bytes, seeds);
        }

        byte[] mutated = bytes.Count <= LongestInput ? [.. bytes] : [.. bytes.Take(LongestInput)];
        if (repair is not null && random.Next(8) != 0)
        {
            repair(mutated);
        }

        return mutated;
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> seeds)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(1 << random.Next(9), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 3:
                byte[] token = Tokens[random.Next(Tokens.Length)];
                bytes.RemoveRange(at, Math.Min(token.Length, bytes.Count - at));
                bytes.InsertRange(at, token);
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6:
                byte[] other = seeds[random.Next(seeds.Count)];
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(1 << random.Next(9), other.Length - from)).ToArray());
                break;
            case 7 when random.Next(8) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8 when random.Next(16) == 0:
                byte[] repeated = Tokens[random.Next(Tokens.Length)];
                bytes.InsertRange(at, Enumerable.Repeat(repeated, 1 << random.Next(4, 12)).SelectMany(each => each).ToArray());
                break;
            case 7 or 8 when at < bytes.Count && char.IsAsciiDigit((char)bytes[at]):
                bytes[at] = (byte)('0' + random.Next(10));
                break;
        }
    }
}
