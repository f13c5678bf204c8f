using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Diarist.Cli.Tests.Support;
using NATS.NKeys;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Servers that let in only who has a certificate and an NKey, a signed token, or a password.</summary>
public sealed class NatsSecurityTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private Process? _worker;

    public void Dispose()
    {
        if (_worker is not null)
        {
            _worker.Kill(entireProcessTree: true);
            _worker.Dispose();
        }

        _scratch.Dispose();
    }

    [Fact]
    public async Task A_queue_behind_TLS_and_an_NKey_is_used_with_them_and_refused_without()
    {
        NatsCluster.Require();
        (string authority, string certificate, string key) = WriteCertificates();
        using var user = KeyPair.CreatePair(PrefixByte.User);
        string seed = _scratch.Write("user.nk", user.GetSeed());
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1, $$"""
            tls { cert_file: "{{certificate}}", key_file: "{{key}}", ca_file: "{{authority}}", verify: true }
            authorization { users: [ { nkey: {{user.GetPublicKey()}} } ] }
            """);
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 4);
        string url = cluster.Url.Replace("nats://", "tls://", StringComparison.Ordinal);
        string output = Path.Combine(_scratch.Path, "out");
        string[] submit = ["submit", Path.Combine(_scratch.Path, "in"), "-o", output, "--nats", url];
        string[] tls = ["--tls-ca", authority, "--tls-cert", certificate, "--tls-key", key];
        Assert.Contains("the queue cannot be used", (await CliProcess.RunAsync(submit)).Failed(3));
        Assert.Contains("the queue cannot be used", (await CliProcess.RunAsync([.. submit, .. tls])).Failed(3));
        Assert.Contains("no such file", (await CliProcess.RunAsync([.. submit, "--nkey", seed + "2"])).Failed(3));

        _worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", url, .. tls, "--nkey", seed]);
        _worker.BeginErrorReadLine();
        (await CliProcess.RunAsync([.. submit, .. tls, "--nkey", seed])).Succeeded();
        Assert.True(File.Exists(Path.Combine(output, "a.json")));
    }

    [Fact]
    public async Task A_queue_that_lets_in_by_signed_tokens_is_used_with_a_file_of_credentials()
    {
        NatsCluster.Require();
        using var tokens = new NatsJwt();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1, tokens.Configuration);
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 4);
        string output = Path.Combine(_scratch.Path, "out");
        string good = _scratch.Write("user.creds", tokens.Credentials()), bad = _scratch.Write("other.creds", tokens.Credentials(signed: false));
        string[] submit = ["submit", Path.Combine(_scratch.Path, "in"), "-o", output, "--nats", cluster.Url];
        Assert.Contains("the queue cannot be used", (await CliProcess.RunAsync(submit)).Failed(3));
        Assert.Contains("the queue cannot be used", (await CliProcess.RunAsync([.. submit, "--creds", bad])).Failed(3));

        _worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", cluster.Url, "--creds", good]);
        _worker.BeginErrorReadLine();
        (await CliProcess.RunAsync([.. submit, "--creds", good])).Succeeded();
        Assert.True(File.Exists(Path.Combine(output, "a.json")));
    }

    [Fact]
    public async Task A_password_in_the_address_lets_in_and_is_not_shown()
    {
        NatsCluster.Require();
        using NatsCluster cluster = await NatsCluster.StartAsync(_scratch, nodes: 1, "authorization { user: worker, password: secret-one }");
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 4);
        string[] submit = ["submit", Path.Combine(_scratch.Path, "in"), "-o", Path.Combine(_scratch.Path, "out"), "--nats"];
        string wrong = (await CliProcess.RunAsync([.. submit, cluster.Url.Replace("nats://", "nats://worker:secret-two@", StringComparison.Ordinal)])).Failed(3);
        Assert.Contains("the queue cannot be used", wrong);
        Assert.DoesNotContain("secret", wrong);

        string url = cluster.Url.Replace("nats://", "nats://worker:secret-one@", StringComparison.Ordinal);
        _worker = CliProcess.Start(["worker", "--jobs", "1", "--nats", url]);
        _worker.BeginErrorReadLine();
        (await CliProcess.RunAsync([.. submit, url])).Succeeded();
    }

    private (string Authority, string Certificate, string Key) WriteCertificates()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1), to = from.AddDays(1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, from, to, [1, 2, 3]);
        return (_scratch.Write("ca.pem", authority.ExportCertificatePem()), _scratch.Write("cert.pem", certificate.ExportCertificatePem()), _scratch.Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}
