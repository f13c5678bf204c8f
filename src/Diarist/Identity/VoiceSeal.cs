using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Diarist.Identity;

/// <summary>
/// Encryption of a store: how the key is had stands in a header of fixed length, which is authenticated itself; every content is AES-256-GCM with a
/// random nonce, bound to its place. Layout of the header: magic (8), version (2), kind (1), iterations (4), salt (16), nonce (12), tag (16).
/// Layout of a content: magic (8), version (2), nonce (12), ciphertext, tag (16).
/// </summary>
internal sealed class VoiceSeal : IDisposable
{
    /// <summary>The bytes of a header.</summary>
    public const int HeaderBytes = HeaderPlain + NonceBytes + TagBytes;

    private const ushort Version = 1;
    private const int NonceBytes = 12, TagBytes = 16, SaltBytes = 16, Prefix = 10, HeaderPlain = Prefix + 1 + 4 + SaltBytes;

    // OWASP's advice of 2023 for PBKDF2 with SHA-256. What a header may ask for is bounded, so that it cannot ask for an hour.
    private const int Iterations = 600_000, FewestIterations = 100_000, MostIterations = 10_000_000;

    private readonly byte[] _key;

    private VoiceSeal(byte[] key, byte[] header) => (_key, Header) = (key, header);

    private static ReadOnlySpan<byte> HeaderMagic => "DIARVKEY"u8;

    private static ReadOnlySpan<byte> ContentMagic => "DIARVOIC"u8;

    /// <summary>The header that opens again with the same key.</summary>
    public byte[] Header { get; }

    /// <summary>A new seal.</summary>
    public static VoiceSeal Create(VoiceKey key)
    {
        byte[] header = new byte[HeaderBytes];
        HeaderMagic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), Version);
        header[Prefix] = (byte)(key.IsPassphrase ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Prefix + 1), Iterations);
        RandomNumberGenerator.Fill(header.AsSpan(Prefix + 5, SaltBytes + NonceBytes));
        byte[] derived = key.Derive(header.AsSpan(Prefix + 5, SaltBytes), Iterations);
        using var aes = new AesGcm(derived, TagBytes);
        aes.Encrypt(header.AsSpan(HeaderPlain, NonceBytes), [], [], header.AsSpan(HeaderPlain + NonceBytes), header.AsSpan(0, HeaderPlain));
        return new VoiceSeal(derived, header);
    }

    /// <summary>Opens a header.</summary>
    /// <param name="header">Its bytes.</param>
    /// <param name="key">What opens it.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="VoiceStoreException">It is damaged, of another version, or the key is another.</exception>
    public static VoiceSeal Open(ReadOnlySpan<byte> header, VoiceKey key, string path)
    {
        RequireStart(header, HeaderMagic, HeaderBytes, path);
        bool passphrase = header[Prefix] == 1;
        int iterations = BinaryPrimitives.ReadInt32LittleEndian(header[(Prefix + 1)..]);
        if (header.Length != HeaderBytes || header[Prefix] > 1 || iterations is < FewestIterations or > MostIterations)
        {
            throw new VoiceStoreException(path, "it was damaged or tampered with; take a good copy, or enrol the voices again.");
        }

        if (passphrase != key.IsPassphrase)
        {
            throw new VoiceStoreException(path, passphrase ? "a passphrase opens it, and a key file was given." : "a key file opens it, and a passphrase was given.");
        }

        byte[] derived = key.Derive(header.Slice(Prefix + 5, SaltBytes), iterations);
        try
        {
            using var aes = new AesGcm(derived, TagBytes);
            aes.Decrypt(header.Slice(HeaderPlain, NonceBytes), [], header.Slice(HeaderPlain + NonceBytes, TagBytes), [], header[..HeaderPlain]);
        }
        catch (CryptographicException error)
        {
            CryptographicOperations.ZeroMemory(derived);
            throw new VoiceStoreException(path, $"the {(passphrase ? "passphrase" : "key")} does not open it: it is another one, or the file was damaged or tampered with.", error);
        }

        return new VoiceSeal(derived, header.ToArray());
    }

    /// <summary>Encrypts a content.</summary>
    /// <param name="content">What to keep.</param>
    /// <param name="place">What it is bound to: under another name it does not open.</param>
    public byte[] Seal(ReadOnlySpan<byte> content, ReadOnlySpan<byte> place)
    {
        byte[] result = new byte[Prefix + NonceBytes + content.Length + TagBytes];
        ContentMagic.CopyTo(result);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(8), Version);
        Span<byte> nonce = result.AsSpan(Prefix, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, content, result.AsSpan(Prefix + NonceBytes, content.Length), result.AsSpan(result.Length - TagBytes), [.. Header, .. result.AsSpan(0, Prefix), .. place]);
        return result;
    }

    /// <summary>Decrypts a content.</summary>
    /// <param name="bytes">What <see cref="Seal"/> gave.</param>
    /// <param name="place">What it is bound to.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="VoiceStoreException">It is damaged, of another version, or of another place.</exception>
    public byte[] Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> place, string path)
    {
        RequireStart(bytes, ContentMagic, Prefix + NonceBytes + TagBytes, path);
        byte[] content = new byte[bytes.Length - Prefix - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(bytes.Slice(Prefix, NonceBytes), bytes[(Prefix + NonceBytes)..^TagBytes], bytes[^TagBytes..], content, [.. Header, .. bytes[..Prefix], .. place]);
            return content;
        }
        catch (CryptographicException error)
        {
            throw new VoiceStoreException(path, "it was damaged or tampered with; take a good copy, or enrol the voice again.", error);
        }
    }

    /// <summary>Overwrites the key in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static void RequireStart(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> magic, int least, string path)
    {
        if (bytes.Length < least || !bytes.StartsWith(magic))
        {
            throw new VoiceStoreException(path, "it is not a file of voices, or it was damaged or tampered with.");
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != Version)
        {
            throw new VoiceStoreException(path, $"it is of version {version}, and this Diarist reads version {Version}; open it with the Diarist that wrote it, or enrol the voices again.");
        }
    }
}
