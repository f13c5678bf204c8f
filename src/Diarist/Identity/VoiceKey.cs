using System.Security.Cryptography;
using System.Text;

namespace Diarist.Identity;

/// <summary>What opens a store of voices: a key in a file of its own, or a passphrase.</summary>
public sealed class VoiceKey : IDisposable
{
    private const int KeyBytes = 32;

    private readonly byte[] _secret;

    private VoiceKey(byte[] secret, bool isPassphrase) => (_secret, IsPassphrase) = (secret, isPassphrase);

    /// <summary>Whether the key is derived from a passphrase.</summary>
    public bool IsPassphrase { get; }

    /// <summary>Makes a random key and writes it to a file that only its owner may read.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <exception cref="VoiceStoreException">It exists.</exception>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static VoiceKey CreateFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            throw new VoiceStoreException(path, "there is a key already; a new one would lock what it opens.");
        }

        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        PrivateFile.Write(path, key);
        return new VoiceKey(key, isPassphrase: false);
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="VoiceStoreException">The file is missing, or no key.</exception>
    public static VoiceKey FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] key = PrivateFile.Read(path, KeyBytes);
        return key.Length == KeyBytes ? new VoiceKey(key, isPassphrase: false) : throw new VoiceStoreException(path, $"it has {key.Length} bytes; a key has {KeyBytes}.");
    }

    /// <summary>Takes a passphrase.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static VoiceKey FromPassphrase(string passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        return new VoiceKey(Encoding.UTF8.GetBytes(passphrase), isPassphrase: true);
    }

    /// <summary>The key of AES-256.</summary>
    /// <param name="salt">For a passphrase.</param>
    /// <param name="iterations">For a passphrase.</param>
    internal byte[] Derive(ReadOnlySpan<byte> salt, int iterations) =>
        IsPassphrase ? Rfc2898DeriveBytes.Pbkdf2(_secret, salt, iterations, HashAlgorithmName.SHA256, KeyBytes) : [.. _secret];

    /// <summary>Overwrites the secret in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);
}
