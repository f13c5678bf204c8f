using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Inference;

/// <summary>What the header of a NumPy array says; the header is the text of a Python dictionary with exactly three keys.</summary>
internal sealed partial class NpyHeader
{
    private static readonly string[] KnownTypes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "b1"];

    private NpyHeader(string elementType, bool bigEndian, bool fortranOrder, int[] shape, int length)
    {
        ElementType = elementType;
        BigEndian = bigEndian;
        FortranOrder = fortranOrder;
        Shape = shape;
        Length = length;
    }

    /// <summary>The element type without its byte order, for instance <c>f8</c>.</summary>
    public string ElementType { get; }

    /// <summary>The letter of the element type: <c>f</c>, <c>i</c>, <c>u</c> or <c>b</c>.</summary>
    public char Kind => ElementType[0];

    /// <summary>Bytes per element.</summary>
    public int ElementSize => ElementType[1] - '0';

    /// <summary>Whether the most significant byte comes first.</summary>
    public bool BigEndian { get; }

    /// <summary>Whether the first axis is the fastest in the file.</summary>
    public bool FortranOrder { get; }

    /// <summary>The length of every axis.</summary>
    public int[] Shape { get; }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>Reads the text of a header.</summary>
    /// <exception cref="PackException">The text is not such a dictionary, or names a type or a size that is not read here.</exception>
    public static NpyHeader Parse(string text, string origin)
    {
        Match descriptor = Descriptor().Match(text);
        Match order = Order().Match(text);
        Match shape = ShapeTuple().Match(text);
        if (!descriptor.Success || !order.Success || !shape.Success)
        {
            throw new PackException($"{origin}: the NumPy header \"{text.Trim()}\" does not say descr, fortran_order and shape.");
        }

        string type = descriptor.Groups["type"].Value;
        if (!KnownTypes.Contains(type))
        {
            throw new PackException($"{origin}: elements of type {descriptor.Groups["descr"].Value} are not read; known are {string.Join(", ", KnownTypes)}.");
        }

        var axes = new List<int>();
        long length = 1;
        foreach (string axis in shape.Groups["axes"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || (length *= size) > int.MaxValue / 8)
            {
                throw new PackException($"{origin}: the shape ({shape.Groups["axes"].Value}) is not one that fits in memory.");
            }

            axes.Add(size);
        }

        return new NpyHeader(type, descriptor.Groups["byteOrder"].Value == ">", order.Groups["value"].Value == "True", [.. axes], (int)length);
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"](?<descr>(?<byteOrder>[<>|=]?)(?<type>[^'"]*))['"]""")]
    private static partial Regex Descriptor();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(?<value>True|False)""")]
    private static partial Regex Order();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\((?<axes>[^)]*)\)""")]
    private static partial Regex ShapeTuple();
}
