using System.Text;
using Diarist.Identity;
using Diarist.Tests.Support;

namespace Diarist.Tests.Identity;

/// <summary>The encrypted store: what stolen files tell, and that nothing in them can be changed unnoticed.</summary>
public sealed class VoiceStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder["voices"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_kept_comes_back()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        VoiceProfile ann = MadeVoices.Profile(new Random(1), "Ann", 0) with { IsPrimaryUser = true, Enrolled = new DateTimeOffset(2026, 11, 28, 1, 2, 3, TimeSpan.Zero) };
        using (var store = VoiceStore.Create(Folder, key))
        {
            store.Save(ann);
            store.Save(MadeVoices.Profile(new Random(2), "Bob", 1));
        }

        using VoiceKey again = VoiceKey.FromFile(_folder["key"]);
        using var opened = VoiceStore.Open(Folder, again);
        IReadOnlyList<VoiceProfile> all = opened.ReadAll();
        Assert.Equal(["Ann", "Bob"], all.Select(profile => profile.Name));
        Assert.Equal((ann.Id, true, ann.Enrolled, ann.Embedder), (all[0].Id, all[0].IsPrimaryUser, all[0].Enrolled, all[0].Embedder));
        Assert.Equal(Sums(ann), Sums(all[0]));
        Assert.Throws<VoiceStoreException>(() => opened.Save(MadeVoices.Profile(new Random(3), "Bob", 2)));
        opened.Save(all[0].With(MadeVoices.Profile(new Random(4), "Ann", 0)));
        Assert.Equal(2, Directory.GetFiles(Folder, "*.voice").Length);
        Assert.Equal(2, opened.ReadAll()[0].Exemplars.Count);
    }

    [Fact]
    public void Stolen_files_tell_no_name_and_no_voice_and_are_their_owner_s()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        VoiceProfile ann = MadeVoices.Profile(new Random(1), "Annabella Longname", 0);
        using (var store = VoiceStore.Create(Folder, key))
        {
            store.Save(ann);
        }

        foreach (string path in Directory.GetFiles(Folder).Append(_folder["key"]))
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }

            byte[] bytes = File.ReadAllBytes(path);
            Assert.DoesNotContain("Annabella", path + Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(MadeVoices.Embedder)));
            byte[] sums = Sums(ann);
            for (int value = 0; value < 16; value++)
            {
                Assert.Equal(-1, bytes.AsSpan().IndexOf(sums.AsSpan(value * 4, 8)));
            }
        }

        using VoiceKey other = VoiceKey.CreateFile(_folder["other"]);
        Assert.Contains("does not open it", Assert.Throws<VoiceStoreException>(() => VoiceStore.Open(Folder, other)).Message, StringComparison.Ordinal);
        using VoiceKey phrase = VoiceKey.FromPassphrase("guess");
        Assert.Throws<VoiceStoreException>(() => VoiceStore.Open(Folder, phrase));
    }

    [Fact]
    public void One_flipped_bit_in_any_byte_is_noticed()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        using (var store = VoiceStore.Create(Folder, key))
        {
            store.Save(MadeVoices.Profile(new Random(1), "Ann", 0));
        }

        foreach (string path in Directory.GetFiles(Folder).Append(_folder["key"]))
        {
            byte[] bytes = File.ReadAllBytes(path);
            for (int place = 0; place < bytes.Length; place++)
            {
                // Another bit in each byte.
                byte[] damaged = [.. bytes];
                damaged[place] ^= (byte)(1 << (place % 8));
                File.WriteAllBytes(path, damaged);
                Assert.Throws<VoiceStoreException>(Read);
            }

            File.WriteAllBytes(path, bytes[..^1]);
            Assert.Throws<VoiceStoreException>(Read);
            File.WriteAllBytes(path, bytes);
        }

        Assert.Equal("Ann", Assert.Single(Read()).Name);

        IReadOnlyList<VoiceProfile> Read()
        {
            using VoiceKey now = VoiceKey.FromFile(_folder["key"]);
            using var store = VoiceStore.Open(Folder, now);
            return store.ReadAll();
        }
    }

    [Fact]
    public void A_voice_under_another_s_file_name_is_noticed()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        using var store = VoiceStore.Create(Folder, key);
        store.Save(MadeVoices.Profile(new Random(1), "Ann", 0));
        string path = Directory.GetFiles(Folder, "*.voice").Single();
        File.Move(path, Path.Combine(Folder, $"{Guid.NewGuid():N}.voice"));
        Assert.Throws<VoiceStoreException>(store.ReadAll);
    }

    [Fact]
    public void Another_version_is_named()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        VoiceStore.Create(Folder, key).Dispose();
        string header = Path.Combine(Folder, "voices.header");
        byte[] bytes = File.ReadAllBytes(header);
        bytes[8] = 7;
        File.WriteAllBytes(header, bytes);
        Assert.Contains("version 7", Assert.Throws<VoiceStoreException>(() => VoiceStore.Open(Folder, key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_voice_is_overwritten()
    {
        using VoiceKey key = VoiceKey.CreateFile(_folder["key"]);
        using var store = VoiceStore.Create(Folder, key);
        VoiceProfile ann = MadeVoices.Profile(new Random(1), "Ann", 0);
        store.Save(ann);
        string path = Directory.GetFiles(Folder, "*.voice").Single();
        byte[] before = File.ReadAllBytes(path);
        byte[] after = new byte[before.Length];

        // What was opened before stays readable when the name is gone.
        using (var open = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            Assert.True(store.Remove(ann.Id));
            open.ReadExactly(after);
        }

        Assert.False(File.Exists(path));
        Assert.InRange(before.Zip(after).Count(pair => pair.First == pair.Second), 0, before.Length / 20);
        Assert.Empty(store.ReadAll());
        Assert.False(store.Remove(ann.Id));
    }

    [Fact]
    public void The_parameters_of_a_passphrase_are_stored_and_cannot_be_weakened()
    {
        using VoiceKey key = VoiceKey.FromPassphrase("correct horse");
        VoiceStore.Create(Folder, key).Dispose();
        VoiceStore.Create(_folder["other"], key).Dispose();
        string path = Path.Combine(Folder, "voices.header");
        byte[] header = File.ReadAllBytes(path), other = File.ReadAllBytes(Path.Combine(_folder["other"], "voices.header"));
        const int Iterations = 11, Salt = 15;
        Assert.Equal(600_000, BitConverter.ToInt32(header, Iterations));
        Assert.NotEqual(header[Salt..(Salt + 16)], other[Salt..(Salt + 16)]);
        foreach (int iterations in (int[])[0, -1, 1000, 599_999, int.MaxValue])
        {
            byte[] changed = [.. header];
            BitConverter.TryWriteBytes(changed.AsSpan(Iterations), iterations);
            File.WriteAllBytes(path, changed);
            Assert.Throws<VoiceStoreException>(() => VoiceStore.Open(Folder, key));
        }
    }

    [Fact]
    public void A_passphrase_opens_a_store_and_an_exported_file()
    {
        using VoiceKey key = VoiceKey.FromPassphrase("correct horse");
        VoiceProfile ann = MadeVoices.Profile(new Random(1), "Ann", 0);
        using (var store = VoiceStore.Create(Folder, key))
        {
            store.Save(ann);
        }

        Assert.True(VoiceStore.NeedsPassphrase(Folder));
        using VoiceKey wrong = VoiceKey.FromPassphrase("correct hors");
        Assert.Throws<VoiceStoreException>(() => VoiceStore.Open(Folder, wrong));
        using (var store = VoiceStore.Open(Folder, key))
        {
            Assert.Equal("Ann", Assert.Single(store.ReadAll()).Name);
        }

        VoiceStore.Export(ann, _folder["ann"], key);
        Assert.Equal(Sums(ann), Sums(VoiceStore.Import(_folder["ann"], key)));
        Assert.Throws<VoiceStoreException>(() => VoiceStore.Import(_folder["ann"], wrong));
        byte[] bytes = File.ReadAllBytes(_folder["ann"]);
        bytes[^20] ^= 1;
        File.WriteAllBytes(_folder["ann"], bytes);
        Assert.Throws<VoiceStoreException>(() => VoiceStore.Import(_folder["ann"], key));
    }

    private static byte[] Sums(VoiceProfile profile)
    {
        byte[] bytes = new byte[profile.Exemplars[0].Group.ByteCount];
        profile.Exemplars[0].Group.Write(bytes);
        return bytes;
    }
}
