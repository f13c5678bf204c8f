namespace Diarist.Tests.Audio;

/// <summary>A stream that cannot seek and hands out few bytes at a time.</summary>
internal sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));
}
