namespace Diarist.Hierarchical;

/// <summary>The clusters that are still there, in order of index and without gaps, so that walks over them touch nothing else.</summary>
internal sealed class AliveList(int count)
{
    private readonly int[] _items = Enumerable.Range(0, count).ToArray();
    private int _count = count;

    /// <summary>The indices, ascending.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    /// <summary>The indices above <paramref name="item"/>, ascending.</summary>
    public ReadOnlySpan<int> After(int item)
    {
        int place = Array.BinarySearch(_items, 0, _count, item);
        return Items[(place >= 0 ? place + 1 : ~place)..];
    }

    /// <summary>Takes one out.</summary>
    public void Remove(int item)
    {
        int place = Array.BinarySearch(_items, 0, _count, item);
        _items.AsSpan(place + 1, _count - place - 1).CopyTo(_items.AsSpan(place));
        _count--;
    }
}
