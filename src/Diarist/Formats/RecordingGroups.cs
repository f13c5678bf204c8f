namespace Diarist.Formats;

/// <summary>Collects the entries of a file by recording; recordings come out in the order in which they first appear.</summary>
internal sealed class RecordingGroups<T>
{
    private readonly Dictionary<string, List<T>> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>Adds one entry.</summary>
    public void Add(string recording, T entry) => ListOf(recording).Add(entry);

    /// <summary>Makes the recording known, with or without entries.</summary>
    public List<T> ListOf(string recording)
    {
        if (!_entries.TryGetValue(recording, out List<T>? list))
        {
            list = [];
            _entries.Add(recording, list);
            _order.Add(recording);
        }

        return list;
    }

    /// <summary>The groups as records.</summary>
    public IReadOnlyList<TRecord> Select<TRecord>(Func<string, IReadOnlyList<T>, TRecord> make) =>
        [.. _order.Select(recording => make(recording, _entries[recording]))];
}
