using System.Runtime.CompilerServices;

namespace Diarist.Peers;

/// <summary>An array that never moves, so that native code may keep a pointer into it.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private readonly T[] _values;

    public PinnedArray(int length) => _values = GC.AllocateArray<T>(length, pinned: true);

    public PinnedArray(ReadOnlySpan<T> values)
        : this(values.Length) => values.CopyTo(_values);

    public Span<T> Span => _values;

    public nuint Bytes => (nuint)(_values.Length * sizeof(T));

    public T* Pointer => (T*)Unsafe.AsPointer(ref _values[0]);
}
