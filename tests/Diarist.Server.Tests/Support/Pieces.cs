namespace Diarist.Server.Tests.Support;

/// <summary>A body that comes in pieces.</summary>
internal sealed class Pieces(byte[] content, int most) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
}
