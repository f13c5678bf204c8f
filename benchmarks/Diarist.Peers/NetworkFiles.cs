using System.Runtime.InteropServices;
using Diarist.Inference;

namespace Diarist.Peers;

/// <summary>
/// Writes the ONNX files that all sides run: the published networks with what the peers want to find in them.
/// Numbers in calls are field numbers of onnx.proto3.
/// </summary>
internal static class NetworkFiles
{
    private const int Graph = 7;
    private const int Metadata = 14;
    private const int Initializer = 5;
    private const int Input = 11;
    private const int Output = 12;
    private const int ValueInfo = 13;
    private const int RawData = 9;

    /// <summary>The segmentation network for any number of windows at once (the published file says one), with sherpa-onnx's metadata.</summary>
    public static void WriteSegmentation(string source, string target)
    {
        ProtobufMessage model = ProtobufMessage.Parse(File.ReadAllBytes(source));
        model.Change(Graph, graph =>
        {
            graph.Remove(ValueInfo);
            graph.Change(Input, FreeBatch);
            graph.Change(Output, FreeBatch);
        });
        AddMetadata(model, new()
        {
            ["num_speakers"] = "3",
            ["powerset_max_classes"] = "2",
            ["num_classes"] = "7",
            ["sample_rate"] = "16000",
            ["window_size"] = "160000",
            ["receptive_field_size"] = "991",
            ["receptive_field_shift"] = "270",
        });
        File.WriteAllBytes(target, model.ToArray());
    }

    /// <summary>
    /// The embedder as the peers run it: the input with the pooling mask becomes a constant of one, because sherpa-onnx
    /// feeds features only; with sherpa-onnx's metadata.
    /// </summary>
    public static void WriteUnmaskedEmbedder(string source, string target)
    {
        ProtobufMessage model = ProtobufMessage.Parse(File.ReadAllBytes(source));
        model.Change(Graph, graph =>
        {
            graph.Remove(Input, input => input.Text(1) == "weights");
            graph.Add(Initializer, FloatTensor("weights", [1, 1], [1f]));
        });
        AddMetadata(model, new()
        {
            ["framework"] = "wespeaker",
            ["language"] = "English",
            ["url"] = "",
            ["comment"] = "as in community-1",
            ["sample_rate"] = "16000",
            ["output_dim"] = "256",
            ["normalize_samples"] = "0",
            ["feature_normalize_type"] = "global-mean",
        });
        File.WriteAllBytes(target, model.ToArray());
    }

    /// <summary>
    /// Silero's graph with the weights that Diarist reads: upstream's ONNX file holds those of another training run than
    /// its safetensors file.
    /// </summary>
    public static void WriteSilero(string graphFile, string weightsFile, string target)
    {
        (string InGraph, string InWeights)[] prefixes =
        [
            ("model.stft.forward_basis_buffer", "stft_conv.weight"),
            ("model.encoder.0.reparam_conv.", "conv1."),
            ("model.encoder.1.reparam_conv.", "conv2."),
            ("model.encoder.2.reparam_conv.", "conv3."),
            ("model.encoder.3.reparam_conv.", "conv4."),
            ("model.decoder.rnn.", "lstm_cell."),
            ("model.decoder.decoder.2.", "final_conv."),
        ];
        Weights weights = SafeTensors.Read(weightsFile);
        ProtobufMessage model = ProtobufMessage.Parse(File.ReadAllBytes(graphFile));
        model.Change(Graph, graph => graph.Change(Initializer, tensor =>
        {
            string name = tensor.Text(8);
            (string inGraph, string inWeights) = prefixes.First(prefix => name.StartsWith(prefix.InGraph, StringComparison.Ordinal));
            int[] shape = [.. tensor.Integers(1).Select(extent => (int)extent)];
            float[] values = weights.Get(inWeights + name[inGraph.Length..], shape).Data;
            tensor.Remove(RawData).Add(RawData, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }));
        File.WriteAllBytes(target, model.ToArray());
    }

    /// <summary>The first dimension of a value becomes free.</summary>
    private static void FreeBatch(ProtobufMessage value) => value.Change(2, type => type.Change(1, tensorType => tensorType.Change(2, shape =>
    {
        bool first = true;
        shape.Change(1, dimension =>
        {
            if (first)
            {
                dimension.Remove(1).Remove(2).Add(2, "batch");
                first = false;
            }
        });
    })));

    private static ProtobufMessage FloatTensor(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values)
    {
        ProtobufMessage tensor = new();
        foreach (long extent in shape)
        {
            tensor.Add(1, extent);
        }

        return tensor.Add(2, 1).Add(8, name).Add(RawData, MemoryMarshal.AsBytes(values).ToArray());
    }

    private static void AddMetadata(ProtobufMessage model, Dictionary<string, string> pairs)
    {
        foreach ((string key, string value) in pairs)
        {
            model.Add(Metadata, new ProtobufMessage().Add(1, key).Add(2, value));
        }
    }
}
