using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Diarist.Server.Http;

/// <summary>Gives connections the memory that they read into: voices and names of people go through it, so a block that comes back is overwritten.</summary>
internal sealed class ErasingMemoryPoolFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ErasingMemoryPool();
}

/// <summary>Blocks of 4 KiB that do not move, are overwritten when they come back, and of which a bounded number waits for the next use.</summary>
internal sealed class ErasingMemoryPool : MemoryPool<byte>
{
    private const int BlockBytes = 4 << 10;
    private const int MostIdle = 512;

    private readonly ConcurrentBag<byte[]> _idle = [];

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return new Block(this, _idle.TryTake(out byte[]? bytes) ? bytes : GC.AllocateArray<byte>(BlockBytes, pinned: true));
    }

    protected override void Dispose(bool disposing) => _idle.Clear();

    private void Return(byte[] bytes)
    {
        CryptographicOperations.ZeroMemory(bytes);
        if (_idle.Count < MostIdle)
        {
            _idle.Add(bytes);
        }
    }

    private sealed class Block(ErasingMemoryPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } returned)
            {
                pool.Return(returned);
            }
        }
    }
}
