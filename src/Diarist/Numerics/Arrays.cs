namespace Diarist.Numerics;

/// <summary>
/// Arrays from functions, for what runs in each process. LINQ's code for numbers and structs is not in its assembly: the runtime compiles it
/// at each start. The code of this class is compiled ahead with ours.
/// </summary>
internal static class Arrays
{
    /// <summary>The values of a function of 0 to <paramref name="count"/> − 1.</summary>
    public static T[] Make<T>(int count, Func<int, T> element)
    {
        var made = new T[count];
        for (int i = 0; i < made.Length; i++)
        {
            made[i] = element(i);
        }

        return made;
    }

    /// <summary>The values of a function of each element.</summary>
    public static TResult[] Map<TSource, TResult>(ReadOnlySpan<TSource> source, Func<TSource, TResult> element)
    {
        var mapped = new TResult[source.Length];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = element(source[i]);
        }

        return mapped;
    }

    /// <summary>The numbers from 0 to <paramref name="count"/> − 1 for which a condition holds.</summary>
    public static int[] Where(int count, Func<int, bool> holds)
    {
        var found = new int[count];
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            if (holds(i))
            {
                found[length++] = i;
            }
        }

        return found.AsSpan(0, length).ToArray();
    }

    /// <summary>The sum of numbers in their order.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }
}
