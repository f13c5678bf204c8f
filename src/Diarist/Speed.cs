namespace Diarist;

/// <summary>How much work the recipe <see cref="Recipe.Segments"/> does.</summary>
public enum Speed
{
    /// <summary>Windows every second in recordings of up to two minutes, every two seconds in longer ones.</summary>
    Normal,

    /// <summary>Windows every five seconds: half as many looks at each moment, for a higher error where speakers overlap or change quickly. docs/recipe.md has the measured cost.</summary>
    Fast,
}
