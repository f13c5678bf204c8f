namespace Diarist.Peers;

/// <summary>An array that never moves, so that native code may keep a pointer into it.</summary>
internal sealed unsafe class PinnedArray<T>(int length)
    where T : unmanaged
{
    private readonly T[] _values = GC.AllocateArray<T>(length, pinned: true);

    public Span<T> Span => _values;

    public nuint Bytes => (nuint)(_values.Length * sizeof(T));

    public T* Pointer => (T*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _values[0]);
}
