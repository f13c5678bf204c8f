namespace Diarist.Fuzz;

/// <summary>One parser under test.</summary>
/// <param name="Name">Its name, also of its folders under seeds/ and reproducers/.</param>
/// <param name="Run">Parses the bytes. It may throw what is documented, which is <see cref="DiaristException"/>; anything else is a finding.</param>
/// <param name="Fixtures">A folder of the repository, with a pattern, whose files are seeds as well.</param>
internal sealed record Target(string Name, Action<byte[]> Run, params string[] Fixtures)
{
    /// <summary>The most bytes that it may allocate for each byte of its input, besides <see cref="FixedAllocation"/>.</summary>
    public int AllocationFactor { get; init; } = 400;

    /// <summary>The bytes that it may allocate for any input.</summary>
    public long FixedAllocation { get; init; } = 4 << 20;

    /// <summary>Makes mutated bytes consistent again, such as their checksums; most of them go through it.</summary>
    public Action<byte[]>? Repair { get; init; }

    /// <summary>Whether an exception is one that the parser documents.</summary>
    public static bool IsDocumented(Exception error) => error is DiaristException;
}
