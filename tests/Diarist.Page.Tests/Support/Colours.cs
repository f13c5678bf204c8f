namespace Diarist.Page.Tests.Support;

/// <summary>How people see colours.</summary>
public enum Sight
{
    /// <summary>As most people.</summary>
    Full,

    /// <summary>Without the long-wave cones (red).</summary>
    Protanopia,

    /// <summary>Without the medium-wave cones (green).</summary>
    Deuteranopia,

    /// <summary>Without the short-wave cones (blue).</summary>
    Tritanopia,
}

/// <summary>Contrast (WCAG 2.2) and distance of colours (Oklab, Ottosson 2020; colour blindness after Machado et al. 2009). Channels lie between 0 and 1.</summary>
internal static class Colours
{
    private static readonly double[][][] Sights =
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    /// <summary>The contrast ratio, 1 to 21.</summary>
    public static double Contrast(double[] left, double[] right)
    {
        double first = Luminance(left), second = Luminance(right);
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    /// <summary>The distance in Oklab; about 0.02 is just seen side by side.</summary>
    public static double Distance(double[] left, double[] right, Sight sight)
    {
        double[] first = Oklab(Seen(left, sight)), second = Oklab(Seen(right, sight));
        return Math.Sqrt(first.Zip(second, (one, other) => (one - other) * (one - other)).Sum());
    }

    /// <summary>As CSS writes it.</summary>
    public static string Text(double[] colour) => "#" + string.Concat(colour.Select(channel => ((int)Math.Round(channel * 255)).ToString("x2")));

    private static double Luminance(double[] colour) => (0.2126 * Linear(colour[0])) + (0.7152 * Linear(colour[1])) + (0.0722 * Linear(colour[2]));

    private static double Linear(double channel) => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);

    private static double[] Seen(double[] colour, Sight sight)
    {
        double[] linear = [.. colour.Select(Linear)];
        return [.. Sights[(int)sight].Select(row => Math.Clamp(row.Zip(linear, (weight, channel) => weight * channel).Sum(), 0, 1))];
    }

    private static double[] Oklab(double[] linear)
    {
        (double red, double green, double blue) = (linear[0], linear[1], linear[2]);
        double l = Math.Cbrt((0.4122214708 * red) + (0.5363325363 * green) + (0.0514459929 * blue));
        double m = Math.Cbrt((0.2119034982 * red) + (0.6806995451 * green) + (0.1073969566 * blue));
        double s = Math.Cbrt((0.0883024619 * red) + (0.2817188376 * green) + (0.6299787005 * blue));
        return
        [
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s),
        ];
    }
}
