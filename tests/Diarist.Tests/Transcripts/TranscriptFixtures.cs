using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests.Transcripts;

/// <summary>The fixtures under Fixtures/Transcripts; its README says which tool each one follows.</summary>
internal static class TranscriptFixtures
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Transcripts");

    /// <summary>All files but the README.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal);

    /// <summary>The JSON ones.</summary>
    public static IEnumerable<string> Json => All.Where(name => name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".jsonl", StringComparison.Ordinal));

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static TranscriptDocument Read(string name) => TranscriptDocument.Read(Bytes(name), name);
}
