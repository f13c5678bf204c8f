namespace Diarist;

/// <summary>How much work the recipe <see cref="Recipe.Segments"/> does.</summary>
public enum Speed
{
    /// <summary>Windows every second in recordings of up to two minutes, every two seconds in longer ones.</summary>
    Normal,

    /// <summary>Windows every five seconds: fewer looks at each moment, so that more speech is missed. docs/recipe.md has the measured error rates.</summary>
    Fast,
}
