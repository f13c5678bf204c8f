using System.Buffers;

namespace Diarist.Packs;

/// <summary>
/// The bytes of a resource where the runtime mapped them, without a copy. They stay as long as the assembly is loaded, which
/// the stream that is kept here takes care of.
/// </summary>
internal sealed unsafe class ResourceMemory : MemoryManager<byte>
{
    private readonly UnmanagedMemoryStream _stream;
    private readonly byte* _first;
    private readonly int _length;

    /// <summary>Takes a resource as a whole.</summary>
    public ResourceMemory(UnmanagedMemoryStream stream)
    {
        _stream = stream;
        stream.Position = 0;
        _length = checked((int)stream.Length);
        _first = _length == 0 ? null : stream.PositionPointer;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_first, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle(_first + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }
    }
}
