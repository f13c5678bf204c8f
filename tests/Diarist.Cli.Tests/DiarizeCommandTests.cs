using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Diarist.Cli.Tests.Batch;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public class DiarizeCommandTests
{
    [Fact]
    public async Task The_sample_has_four_speakers_and_a_low_error_rate()
    {
        using var folder = new ScratchFolder();
        string rttm = Path.Combine(folder.Path, "hypothesis.rttm");
        (await Run("diarize", Repository.Sample, "--format", "rttm", "--output", rttm)).Succeeded();
        string[] speakers = [.. File.ReadLines(rttm).Select(line => line.Split(' ')[7]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_02", "SPEAKER_03"], speakers);

        string score = (await Run("score", "der", "--reference", Path.ChangeExtension(Repository.Sample, ".rttm"), "--hypothesis", rttm)).Succeeded();
        string pooled = score.Split('\n').Single(line => line.StartsWith("all ", StringComparison.Ordinal));
        double rate = double.Parse(pooled.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"sample: DER {rate} %");
        Assert.InRange(rate, 0, 6.5);
    }

    [Fact]
    public async Task The_bytes_do_not_depend_on_the_run_the_threads_or_with_one_precision_the_instruction_set()
    {
        using var folder = new ScratchFolder();
        string recording = BatchFiles.Recording(folder, "several.wav", 20, 30);
        string expected = (await Run("diarize", recording, "--format", "json", "--threads", "1")).Succeeded();
        Assert.Equal(expected, (await Run("diarize", recording, "--format", "json", "--threads", "2")).Succeeded());
        string[] singlePrecision = ["diarize", recording, "--format", "json", "--precision", "float32"];
        string widest = (await Run(singlePrecision)).Succeeded();
        foreach (string variable in (string[])["DOTNET_EnableAVX512", "DOTNET_EnableAVX2"])
        {
            CliResult result = await CliProcess.RunAsync(singlePrecision, Repository.Root, default, (variable, "0"));
            Assert.Equal(widest, result.Succeeded());
        }
    }

    [Fact]
    public async Task Json_holds_turns_speakers_recipe_and_attribution()
    {
        using JsonDocument json = JsonDocument.Parse((await Run("diarize", Repository.Sample, "--format", "json", "--timing")).Succeeded());
        JsonElement root = json.RootElement;
        Assert.Equal("diarist/1", root.GetProperty("schema").GetString());
        Assert.Equal("conversation.flac", root.GetProperty("source").GetProperty("name").GetString());
        Assert.Equal(4, root.GetProperty("count").GetProperty("found").GetInt32());
        Assert.Equal(4, root.GetProperty("speakers").GetArrayLength());
        Assert.NotEqual(0, root.GetProperty("exclusiveTurns").GetArrayLength());
        Assert.Equal("segments", root.GetProperty("recipe").GetProperty("name").GetString());
        Assert.Equal(["MIT", "CC-BY-4.0"], root.GetProperty("packs").EnumerateArray().Select(pack => pack.GetProperty("licence").GetString()));
        Assert.True(root.GetProperty("timing").GetProperty("segmentation").GetDouble() > 0);
        Assert.DoesNotContain("embedding\":", root.GetProperty("speakers").GetRawText());
    }

    [Theory]
    [InlineData("--speakers", "0")]
    [InlineData("--min-speakers", "3", "--max-speakers", "2")]
    [InlineData("--step", "11")]
    [InlineData("--speed", "slow")]
    [InlineData("--speed", "fast", "--step", "2")]
    [InlineData("--speed", "fast", "--recipe", "community-1")]
    [InlineData("--recipe", "magic")]
    [InlineData("--embedder", "nobody")]
    [InlineData("--recipe", "small-embedder")]
    [InlineData("--no-such-option")]
    [InlineData("--format", "xml")]
    public async Task Mistakes_of_usage_exit_with_2(params string[] arguments)
    {
        CliResult result = await Run(["diarize", Repository.Sample, .. arguments]);
        result.Failed(2);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task The_fast_speed_looks_every_five_seconds()
    {
        using var folder = new ScratchFolder();
        using var json = JsonDocument.Parse((await Run("diarize", Excerpt.OfSample(folder), "--speed", "fast", "--format", "json")).Succeeded());
        Assert.Equal(5, json.RootElement.GetProperty("recipe").GetProperty("step").GetDouble());
        Assert.NotEqual(0, json.RootElement.GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_command_exits_with_2() => (await Run("frobnicate")).Failed(2);

    [Fact]
    public async Task Bad_recordings_exit_with_3_and_one_line()
    {
        using var folder = new ScratchFolder();
        byte[] wav = Wav(new short[16_000]);
        byte[] flac = File.ReadAllBytes(Repository.Sample);
        flac[flac.Length / 2] ^= 0x10;
        (string Name, byte[]? Content)[] cases =
        [
            ("missing.wav", null),
            ("empty.wav", []),
            ("text.wav", Encoding.UTF8.GetBytes("this is no recording at all, only text\n")),
            ("cut-in-header.wav", wav[..30]),
            ("no-samples.wav", Wav([])),
            ("nan.wav", FloatWav([0, 0.5f, float.NaN, 0])),
            ("infinite.wav", FloatWav([0, float.PositiveInfinity, 0, 0])),
            ("flipped.flac", flac),
        ];
        foreach ((string name, byte[]? content) in cases)
        {
            string path = Path.Combine(folder.Path, name);
            if (content is not null)
            {
                File.WriteAllBytes(path, content);
            }

            AssertOneLine((await Run("diarize", path)).Failed(3), name);
        }

        AssertOneLine((await Run("diarize", folder.Path)).Failed(3), folder.Path);
    }

    [Fact]
    public async Task An_uncertain_number_is_told_where_the_output_does_not_tell_it()
    {
        CliResult turns = await Run("diarize", Repository.Sample, "--format", "rttm");
        turns.Succeeded();
        AssertOneLine(turns.Error, "warning: the number of speakers is uncertain: 4, right with a probability of 0.");
        foreach (string[] telling in (string[][])[["--format", "json"], ["--format", "rttm", "--speakers", "4"]])
        {
            CliResult result = await Run(["diarize", Repository.Sample, .. telling]);
            result.Succeeded();
            Assert.DoesNotContain("uncertain", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Odd_recordings_are_diarized()
    {
        using var folder = new ScratchFolder();
        byte[] silence = Wav(new short[32_000]);
        string cut = Path.Combine(folder.Path, "cut.wav");
        File.WriteAllBytes(cut, silence[..(silence.Length / 2)]);
        string one = Path.Combine(folder.Path, "one.wav");
        File.WriteAllBytes(one, Wav([1]));
        string wide = Path.Combine(folder.Path, "wide.wav");
        File.WriteAllBytes(wide, Wav(new short[8 * 19_200], rate: 192_000, channels: 8));

        CliResult cutResult = await Run("diarize", cut, "--format", "rttm");
        Assert.Equal("", cutResult.Succeeded());
        AssertOneLine(cutResult.Error, "warning: the file is cut at byte");
        foreach (string path in (string[])[one, wide])
        {
            CliResult result = await Run("diarize", path, "--format", "rttm");
            Assert.Equal("", result.Succeeded());
            Assert.Equal("", result.Error);
        }

        CliResult piped = await CliProcess.RunAsync(["diarize", "-", "--format", "rttm"], Repository.Root, File.ReadAllBytes(Repository.Sample));
        Assert.StartsWith("SPEAKER stdin 1 ", piped.Succeeded());
    }

    [Fact]
    public async Task With_no_pack_and_no_home_the_networks_inside_run_and_are_named()
    {
        using var folder = new ScratchFolder();
        (string, string)[] nowhere = [("XDG_DATA_HOME", folder.Path), ("HOME", folder.Path), ("DIARIST_PACKS", "")];
        string audio = Excerpt.OfSample(folder);
        string json = (await CliProcess.RunAsync(["diarize", audio, "--offline", "--format", "json"], folder.Path, default, nowhere)).Succeeded();
        using JsonDocument document = JsonDocument.Parse(json);
        string[] hashes = [.. document.RootElement.GetProperty("packs").EnumerateArray().SelectMany(pack => pack.GetProperty("files").EnumerateArray()).Select(file => file.GetProperty("sha256").GetString()!)];
        Assert.Contains("13e010a11ca571fbebc837055012cae51534780e996517ab39e5b0639d19658c", hashes);
        Assert.Contains("ca75ddf3a04c8edfd4edba16a90d8bb513d38e0f25aa399da0d3b71c639df42d", hashes);
        Assert.Contains("Moonshine AI", json);
        Assert.Contains("CC-BY-4.0", json);
        Assert.Contains("is speech.", (await CliProcess.RunAsync(["vad", audio, "--offline"], folder.Path, default, nowhere)).Succeeded());
        string transcript = folder.Write("words.srt", "1\n00:00:00,500 --> 00:00:01,000\nhello\n");
        Assert.Contains("SPEAKER_00", (await CliProcess.RunAsync(["annotate", transcript, "--audio", audio, "--offline", "--format", "text"], folder.Path, default, nowhere)).Succeeded());
    }

    [Fact]
    public async Task The_networks_inside_give_the_same_bytes_as_a_mirror_s_packs()
    {
        string packs = Path.Combine(Repository.Root, "..", "shared", "packs");
        Assert.SkipUnless(Directory.Exists(packs), "needs ../shared/packs");
        using var folder = new ScratchFolder();
        string audio = Excerpt.OfSample(folder);
        (string, string)[] nowhere = [("XDG_DATA_HOME", folder.Path), ("HOME", folder.Path), ("DIARIST_PACKS", "")];
        string inside = (await CliProcess.RunAsync(["diarize", audio, "--format", "rttm"], folder.Path, default, nowhere)).Succeeded();
        Assert.StartsWith("SPEAKER excerpt 1 ", inside);
        Assert.Equal(inside, (await CliProcess.RunAsync(["diarize", audio, "--format", "rttm", "--packs", packs], folder.Path, default, nowhere)).Succeeded());
    }

    [Fact]
    public async Task A_flipped_bit_in_the_assembly_of_the_networks_is_refused_and_names_the_network()
    {
        using var folder = new ScratchFolder();
        string tool = Path.Combine(folder.Path, "tool");
        Directory.CreateDirectory(tool);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(tool, Path.GetFileName(file)));
        }

        string assembly = Path.Combine(tool, "Diarist.Models.dll");
        byte[] bytes = File.ReadAllBytes(assembly);
        byte[] weights = File.ReadAllBytes(Path.Combine(Repository.Root, "models", "wespeaker-resnet34-lm", "wespeaker_resnet34_lm.safetensors"));
        int place = bytes.AsSpan().IndexOf(weights.AsSpan(1_000_000, 64));
        Assert.True(place > 0);
        bytes[place] ^= 1;
        File.WriteAllBytes(assembly, bytes);
        CliResult result = await CliProcess.RunAsync(
            ["diarize", Excerpt.OfSample(folder), "--format", "rttm"], folder.Path, default, Path.Combine(tool, "Diarist.Cli.dll"), ("HOME", folder.Path), ("XDG_DATA_HOME", folder.Path), ("DIARIST_PACKS", ""));
        AssertOneLine(result.Failed(4), "WeSpeaker ResNet34-LM", "wespeaker-resnet34-lm", "ca75ddf3a04c8edfd4edba16a90d8bb513d38e0f25aa399da0d3b71c639df42d", "found");
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_damaged_or_foreign_pack_exits_with_4_and_names_both_hashes()
    {
        using var folder = new ScratchFolder();
        string weights = Path.Combine(folder.Path, "silero-vad-v6", "silero_vad_16k.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(weights)!);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Repository.Root, "models", "silero-vad-v6", "silero_vad_16k.safetensors"));
        bytes[1_000_000] ^= 1;
        File.WriteAllBytes(weights, bytes);
        AssertOneLine((await Run("vad", Repository.Sample, "--packs", folder.Path)).Failed(4), weights, "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1", "found");

        File.Copy(Path.Combine(Repository.Root, "models", "pyannote-community-1-plda", "plda.npz"), weights, overwrite: true);
        AssertOneLine((await Run("vad", Repository.Sample, "--packs", folder.Path)).Failed(4), weights, "9b77bcd840692710dd3496f62ecfeed8d8e5f002fd991b785079b244eab7d255");
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_exits_with_3_and_leaves_nothing()
    {
        using var folder = new ScratchFolder();
        string file = folder.Write("file", "not a folder");
        AssertOneLine((await Run("diarize", Repository.Sample, "--output", Path.Combine(file, "out.rttm"))).Failed(3), "cannot be written");
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Several_recordings_go_to_a_folder_and_one_bad_one_does_not_stop_the_others()
    {
        using var folder = new ScratchFolder();
        string output = Path.Combine(folder.Path, "out");
        CliResult result = await Run("diarize", Excerpt.OfSample(folder), Path.Combine(folder.Path, "missing.wav"), "--format", "json", "--output", output);
        result.Failed(3);
        Assert.Equal([Path.Combine(output, "excerpt.json")], Directory.GetFiles(output));
    }

    [Fact]
    public async Task The_simplest_recipe_and_the_voice_activity_detector_run()
    {
        using var folder = new ScratchFolder();
        Assert.Contains("vad-ahc", (await Run("diarize", Excerpt.OfSample(folder), "--recipe", "vad-ahc")).Succeeded());
        Assert.Contains("silero-vad-v6", (await Run("vad", Repository.Sample, "--format", "json")).Succeeded());
        Assert.Contains("is speech.", (await Run("vad", Repository.Sample)).Succeeded());
    }

    private static Task<CliResult> Run(params string[] arguments) => CliProcess.RunAsync(arguments, Repository.Root);

    private static void AssertOneLine(string text, params string[] parts)
    {
        Assert.Single(text.TrimEnd('\n').Split('\n'));
        Assert.All(parts, part => Assert.Contains(part, text));
        Assert.DoesNotContain("   at ", text);
    }

    private static byte[] Wav(short[] samples, int rate = 16_000, short channels = 1) =>
        Riff(1, 16, rate, channels, System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());

    private static byte[] FloatWav(float[] samples) =>
        Riff(3, 32, 16_000, 1, System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());

    private static byte[] Riff(short coding, short bits, int rate, short channels, byte[] data)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write(coding);
        writer.Write(channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write(bits);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return stream.ToArray();
    }
}
