using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diarist.Packs;

namespace Diarist.TestSupport;

/// <summary>A pretended machine: its own home, working directory, and variables, in a temporary folder that goes when the test ends.</summary>
internal sealed class PackMachine : IDisposable
{
    private readonly Dictionary<string, string> _variables = [];

    public PackMachine()
    {
        Root = Directory.CreateTempSubdirectory("diarist-packs-").FullName;
        Directory.CreateDirectory(WorkingDirectory);
        _variables["HOME"] = Path.Combine(Root, "home");
        _variables["LOCALAPPDATA"] = Path.Combine(Root, "home");
        Environment = new PackEnvironment
        {
            Variable = name => _variables.GetValueOrDefault(name),
            WorkingDirectory = () => WorkingDirectory,
            Platform = PlatformFolders.Unix,
        };
    }

    public string Root { get; }

    public string WorkingDirectory => Path.Combine(Root, "work", "project");

    public string UserStore => Path.Combine(Root, "home", ".local", "share", "diarist", "packs");

    public PackEnvironment Environment { get; set; }

    /// <summary>This machine with a library that has no networks inside.</summary>
    public PackMachine WithoutInside()
    {
        Environment = Environment with { HasInside = false };
        return this;
    }

    public string this[string variable]
    {
        set => _variables[variable] = value;
    }

    /// <summary>A catalog file with one pack of the given files, and the address of each.</summary>
    public string Catalog(string id, params (string Name, byte[] Content, string[] Addresses)[] files) =>
        Catalog(new PackDescription
        {
            Id = id,
            Title = id,
            Network = "test",
            Purpose = "a test",
            License = "MIT",
            Attribution = $"the authors of {id}",
            Files =
            [
                .. files.Select(file => new PackFile
                {
                    Name = file.Name,
                    Variants = [new PackFileVariant { Sha256 = Hash(file.Content), Bytes = file.Content.Length, Source = "here", Revision = "1", Addresses = file.Addresses }],
                }),
            ],
        });

    /// <summary>A catalog file with the given packs.</summary>
    public string Catalog(params PackDescription[] packs) =>
        Write($"catalog-{packs[0].Id}.json", JsonSerializer.SerializeToUtf8Bytes(new PackCatalogFile(PackCatalog.Schema, packs), PackJson.Default.PackCatalogFile));

    /// <summary>Writes a file under the root and returns its path.</summary>
    public string Write(string relative, byte[] content)
    {
        string path = Path.Combine(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string relative, string content) => Write(relative, Encoding.UTF8.GetBytes(content));

    public PackStore Open(string? folder = null, params string[] catalogs) =>
        PackStore.Open(new PackStoreOptions { Folder = folder, CatalogFiles = catalogs, Environment = Environment });

    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
