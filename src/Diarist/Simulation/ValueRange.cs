using System.Globalization;

namespace Diarist.Simulation;

/// <summary>From where to where a parameter is drawn, uniformly, for each conversation; both ends belong to it.</summary>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value, not below <paramref name="Minimum"/>.</param>
public readonly record struct ValueRange(double Minimum, double Maximum)
{
    /// <summary>Always the same value.</summary>
    public static implicit operator ValueRange(double value) => new(value, value);

    /// <summary>Reads <c>3</c> or <c>2-5</c>.</summary>
    public static bool TryParse(string text, out ValueRange range)
    {
        int dash = text.Length == 0 ? -1 : text.IndexOf('-', 1);
        bool isRange = dash > 0;
        bool parsed = double.TryParse(isRange ? text[..dash] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double min);
        double max = min;
        parsed = parsed && (!isRange || double.TryParse(text[(dash + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out max));
        range = new ValueRange(min, max);
        return parsed && min <= max && double.IsFinite(max - min);
    }

    /// <summary>Draws a value.</summary>
    internal double Draw(SimulationRandom random) => Minimum + ((Maximum - Minimum) * random.NextDouble());

    /// <summary>Draws a whole number, each with the same probability.</summary>
    internal int DrawInteger(SimulationRandom random) => (int)Minimum + random.Next((int)Maximum - (int)Minimum + 1);
}
