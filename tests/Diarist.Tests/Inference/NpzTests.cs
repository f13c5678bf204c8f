using System.IO.Compression;
using System.Text;
using Diarist.Inference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference;

public class NpzTests
{
    [Theory]
    [InlineData("<f2", new byte[] { 0x00, 0x3C, 0x00, 0xC1 }, new[] { 1.0, -2.5 })]
    [InlineData("<f4", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0 }, new[] { 1.0, -2.5 })]
    [InlineData(">f4", new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0 }, new[] { 1.0, -2.5 })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0x04, 0xC0 }, new[] { -2.5 })]
    [InlineData("|i1", new byte[] { 0x7F, 0x80 }, new[] { 127.0, -128.0 })]
    [InlineData("|u1", new byte[] { 0x7F, 0x80 }, new[] { 127.0, 128.0 })]
    [InlineData("|b1", new byte[] { 0, 1 }, new[] { 0.0, 1.0 })]
    [InlineData("<i2", new byte[] { 0xFE, 0xFF, 0x02, 0x00 }, new[] { -2.0, 2.0 })]
    [InlineData("<i4", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF }, new[] { -2.0 })]
    [InlineData("<i8", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, new[] { -2.0 })]
    public void Every_element_type_is_read(string type, byte[] elements, double[] expected)
    {
        foreach (int version in new[] { 1, 2, 3 })
        {
            NpyArray array = NpyArray.Parse(Npy(type, false, $"{expected.Length},", elements, version), "x");
            Assert.Equal([expected.Length], array.Shape);
            Assert.Equal(expected, array.ToDoubles());
        }
    }

    [Fact]
    public void Fortran_order_becomes_row_major()
    {
        // A (2, 3) array whose rows are 0 1 2 and 3 4 5, stored column by column.
        NpyArray array = NpyArray.Parse(Npy("|u1", true, "2, 3", [0, 3, 1, 4, 2, 5]), "x");
        Assert.Equal([0L, 1, 2, 3, 4, 5], array.ToInt64s());

        byte[] cube = new byte[24];
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 4; k++)
                {
                    cube[i + (2 * j) + (6 * k)] = (byte)((12 * i) + (4 * j) + k);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 24).Select(i => (long)i), NpyArray.Parse(Npy("|u1", true, "2, 3, 4", cube), "x").ToInt64s());
    }

    [Fact]
    public void A_scalar_has_no_axes_and_one_element()
    {
        NpyArray array = NpyArray.Parse(Npy("|u1", false, "", [7]), "x");
        Assert.Empty(array.Shape);
        Assert.Equal([7L], array.ToInt64s());
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Archives_give_their_arrays_by_name(CompressionLevel level)
    {
        string path = WriteArchive(level, ("first", Npy("|u1", false, "3,", [1, 2, 3])), ("second", Npy("|u1", false, "1, 1", [9])));
        try
        {
            Npz archive = Npz.Read(path);
            Assert.Equal([1f, 2f, 3f], archive.Get("first", 3).ToSingles());
            Assert.Equal([9.0], archive.Get("second", -1, 1).ToDoubles());
            PackException missing = Assert.Throws<PackException>(() => archive["third"]);
            Assert.Contains(path, missing.Message);
            Assert.Contains("third", missing.Message);
            PackException shape = Assert.Throws<PackException>(() => archive.Get("first", 4));
            Assert.Contains(path, shape.Message);
            Assert.Contains("first", shape.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Damaged_files_name_the_file_and_the_array()
    {
        byte[] good = Npy("<f8", false, "2,", new byte[16]);
        foreach (byte[] bad in new[] { good[..5], good[..20], good[..^1], [.. good, 0], Npy("<c8", false, "1,", new byte[8]), Npy("<f8", false, "99999999999,", []), Npy("<f8", false, "-1,", []) })
        {
            Assert.Contains("here", Assert.Throws<PackException>(() => NpyArray.Parse(bad, "here")).Message);
        }

        string path = WriteArchive(CompressionLevel.Optimal, ("broken", good[..^1]));
        try
        {
            Assert.Contains("broken", Assert.Throws<PackException>(() => Npz.Read(path)).Message);
            File.WriteAllText(path, "not an archive");
            Assert.Contains(path, Assert.Throws<PackException>(() => Npz.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(path, Assert.Throws<PackException>(() => Npz.Read(path)).Message);
        Assert.Contains(path, Assert.Throws<PackException>(() => NpyArray.Read(path)).Message);
    }

    [Fact]
    public void A_length_that_the_archive_only_promises_takes_no_memory()
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive archive = ZipFile.Open(folder["bomb.npz"], ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("a.npy").Open();
            entry.Write(new byte[100]);
        }

        byte[] bytes = File.ReadAllBytes(folder["bomb.npz"]);
        int directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 0x7FFFFF00);
        File.WriteAllBytes(folder["bomb.npz"], bytes);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PackException>(() => Npz.Read(folder["bomb.npz"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Integers_are_not_made_of_fractions() =>
        Assert.Throws<PackException>(() => NpyArray.Parse(Npy("<f8", false, "2,", new byte[16]), "x").ToInt64s());

    private static byte[] Npy(string type, bool fortran, string shape, byte[] elements, int version = 1)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}\n";
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0, .. length, .. text, .. elements];
    }

    private static string WriteArchive(CompressionLevel level, params (string Name, byte[] Bytes)[] arrays)
    {
        string path = Path.GetTempFileName();
        using var stream = new FileStream(path, FileMode.Create);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in arrays)
        {
            using Stream entry = archive.CreateEntry(name + ".npy", level).Open();
            entry.Write(bytes);
        }

        return path;
    }
}
