namespace Diarist.Formats;

/// <summary>
/// Makes JSON that a strict parser refuses readable without moving a byte: Python's <c>NaN</c> and <c>Infinity</c>
/// become numbers of the same width, the fence of a block of code becomes white space, and the lines of a saved event stream lose what stands around their JSON.
/// </summary>
internal static class JsonTolerance
{
    /// <summary>What opens and closes a block of code in Markdown.</summary>
    public const string Fence = "```";

    private static readonly byte[][] StreamFields = ["data:"u8.ToArray(), "event:"u8.ToArray(), "id:"u8.ToArray(), "retry:"u8.ToArray()];

    /// <summary>Whether a file is a saved stream of server-sent events.</summary>
    public static bool IsEventStream(ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] field in StreamFields)
        {
            if (bytes.StartsWith(field))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether JSON stands in a block of code, as language models write it.</summary>
    public static bool IsFenced(ReadOnlySpan<byte> bytes)
    {
        int line = bytes.StartsWith("```"u8) ? bytes.IndexOf((byte)'\n') : -1;
        return line >= 0 && bytes[line..].TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] inside && bytes.TrimEnd(" \t\r\n"u8).EndsWith("```"u8) && inside.Length > 0;
    }

    /// <summary>The bytes, or a copy of the same length that can be parsed; the values in it stand where they stood.</summary>
    public static byte[] Readable(byte[] bytes)
    {
        bool stream = IsEventStream(bytes.AsSpan(Encodings.LengthOfMark(bytes)).TrimStart(" \t\r\n"u8));
        bool numbers = bytes.AsSpan().IndexOf("NaN"u8) >= 0 || bytes.AsSpan().IndexOf("Infinity"u8) >= 0;
        bool fenced = IsFenced(bytes.AsSpan(Encodings.LengthOfMark(bytes)).TrimStart(" \t\r\n"u8));
        if (!stream && !numbers && !fenced)
        {
            return bytes;
        }

        byte[] copy = [.. bytes];
        if (fenced)
        {
            int open = copy.AsSpan().IndexOf("```"u8);
            copy.AsSpan(open, copy.AsSpan(open).IndexOf((byte)'\n')).Fill((byte)' ');
            copy.AsSpan(copy.AsSpan().LastIndexOf("```"u8)).Fill((byte)' ');
        }

        if (stream)
        {
            BlankFields(copy);
        }

        if (numbers)
        {
            ReplaceNumbers(copy);
        }

        return copy;
    }

    private static void BlankFields(byte[] bytes)
    {
        for (int start = Encodings.LengthOfMark(bytes); start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? bytes.Length - start : length;
            Span<byte> line = bytes.AsSpan(start, length);
            if (line.StartsWith(StreamFields[0]))
            {
                Span<byte> rest = line[StreamFields[0].Length..];
                line[..StreamFields[0].Length].Fill((byte)' ');
                if (rest.Trim(" \r"u8).SequenceEqual("[DONE]"u8))
                {
                    rest.Fill((byte)' ');
                }
            }
            else if (IsEventStream(line) || line.StartsWith(":"u8))
            {
                line.Fill((byte)' ');
            }

            start += length + 1;
        }
    }

    private static void ReplaceNumbers(byte[] bytes)
    {
        bool text = false;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '"')
            {
                text = !text;
            }
            else if (bytes[i] == '\\')
            {
                i++;
            }
            else if (!text && bytes.AsSpan(i).StartsWith("NaN"u8))
            {
                "0.0"u8.CopyTo(bytes.AsSpan(i));
            }
            else if (!text && bytes.AsSpan(i).StartsWith("Infinity"u8))
            {
                "0.000000"u8.CopyTo(bytes.AsSpan(i));
            }
        }
    }
}
