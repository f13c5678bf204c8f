using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using NATS.NKeys;

namespace Diarist.Cli.Tests.Batch;

/// <summary>An operator, an account and a user of a server that lets in by signed tokens (JWT), as NATS's own tool makes them.</summary>
internal sealed class NatsJwt : IDisposable
{
    private readonly KeyPair _operator = KeyPair.CreatePair(PrefixByte.Operator);
    private readonly KeyPair _system = KeyPair.CreatePair(PrefixByte.Account);
    private readonly KeyPair _account = KeyPair.CreatePair(PrefixByte.Account);

    /// <summary>The lines of a server's configuration that name the operator and the accounts.</summary>
    public string Configuration => $$"""
        operator: {{Token(_operator, _operator, new { type = "operator", version = 2 })}}
        system_account: {{_system.GetPublicKey()}}
        resolver: MEMORY
        resolver_preload: {
          {{_system.GetPublicKey()}}: {{Token(_operator, _system, Limits(0))}}
          {{_account.GetPublicKey()}}: {{Token(_operator, _account, Limits(-1))}}
        }
        """;

    /// <summary>The file of credentials of a new user of the account.</summary>
    /// <param name="signed">Whether the account has signed for it; otherwise somebody else has.</param>
    public string Credentials(bool signed = true)
    {
        using KeyPair user = KeyPair.CreatePair(PrefixByte.User), other = KeyPair.CreatePair(PrefixByte.Account);
        string token = Token(signed ? _account : other, user, new { type = "user", version = 2, subs = -1, data = -1, payload = -1 });
        return $"""
            -----BEGIN NATS USER JWT-----
            {token}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {user.GetSeed()}
            ------END USER NKEY SEED------

            """;
    }

    public void Dispose()
    {
        _operator.Dispose();
        _system.Dispose();
        _account.Dispose();
    }

    // Streams on disk without a limit, or none at all.
    private static object Limits(int storage) => new
    {
        type = "account",
        version = 2,
        limits = new { subs = -1, data = -1, payload = -1, imports = -1, exports = -1, wildcards = true, conn = -1, leaf = -1, mem_storage = storage, disk_storage = storage, streams = storage, consumer = storage },
    };

    private static string Token(KeyPair issuer, KeyPair subject, object nats)
    {
        var claims = new { jti = Guid.NewGuid().ToString("N"), iat = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), iss = issuer.GetPublicKey(), name = "test", sub = subject.GetPublicKey(), nats };
        string body = $"{Base64Url.EncodeToString("""{"typ":"JWT","alg":"ed25519-nkey"}"""u8)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(body), signature);
        return $"{body}.{Base64Url.EncodeToString(signature)}";
    }
}
