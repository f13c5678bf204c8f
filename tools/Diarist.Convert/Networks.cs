using Diarist.Inference;

namespace Diarist.Convert;

/// <summary>Under which names the constants of the two ONNX networks are stored. Shapes and layouts stay those of the graphs.</summary>
internal static class Networks
{
    /// <summary>pyannote's segmentation-3.0; the names of LSTM layers and matrices are the exporter's numbers, so the operators are walked.</summary>
    public static Converted Segmentation(string path)
    {
        var converted = new Converted(OnnxFile.Read(path));
        OnnxGraph graph = converted.Graph;
        converted.Writer.Metadata["network"] = "pyannet";
        converted.Writer.Metadata["licence"] = "MIT";
        converted.Writer.Metadata["attribution"] = "pyannote segmentation 3.0, Copyright (c) 2022 CNRS; by Hervé Bredin and Alexis Plaquet";
        const string filters = "sincnet.conv1d.0.filterbank.";
        converted.Store(filters + "low_hz_", "sinc.low_hz", 40);
        converted.Store(filters + "band_hz_", "sinc.band_hz", 40);
        converted.Store(filters + "n_", "sinc.angles", 125);
        converted.Store(filters + "window_", "sinc.window", 125);
        string[] norms = ["norm.waveform", "norm.0", "norm.1", "norm.2"];
        foreach ((OnnxNode node, string name) in Operators(graph, "InstanceNormalization").Zip(norms))
        {
            converted.Store(node.Inputs[1], name + ".weight");
            converted.Store(node.Inputs[2], name + ".bias");
        }

        foreach ((OnnxNode node, int index) in Operators(graph, "Conv").Where(node => node.Integers("strides") is not [10]).Select((node, index) => (node, index)))
        {
            converted.Store(node.Inputs[1], $"conv.{index}.weight");
            converted.Store(node.Inputs[2], $"conv.{index}.bias");
        }

        foreach ((OnnxNode node, int layer) in Operators(graph, "LSTM").Select((node, layer) => (node, layer)))
        {
            converted.Store(node.Inputs[1], $"lstm.{layer}.input");
            converted.Store(node.Inputs[2], $"lstm.{layer}.recurrent");
            converted.Store(node.Inputs[3], $"lstm.{layer}.bias");
        }

        string[] linears = ["linear.0", "linear.1", "classifier"];
        IEnumerable<OnnxNode> products = Operators(graph, "MatMul").Where(node => graph.Constants.ShapeOf(node.Inputs[1]) is [> 1, _]);
        foreach ((OnnxNode node, string name) in products.Zip(linears))
        {
            converted.Store(node.Inputs[1], name + ".weight");
            converted.Store(name + ".bias", name + ".bias");
        }

        // The graph divides by half the angles and puts zeros in the middle of its odd filters; SincFilters does so by itself.
        float[] angles = graph.Constants.Get(filters + "n_", 1, 125).Data;
        converted.LeaveOut("onnx::Div_740", [.. angles.Select(angle => angle / 2)]);
        converted.LeaveOut("/sincnet/conv1d.0/Constant_19_output_0", [.. Enumerable.Repeat(0f, 40)]);
        return converted;
    }

    /// <summary>WeSpeaker's ResNet34-LM, batch normalization folded in: the names of its PyTorch modules, less the prefix.</summary>
    public static Converted Embedding(string path)
    {
        const string prefix = "resnet.", folded = ".weight_bias";
        var converted = new Converted(OnnxFile.Read(path));
        converted.Writer.Metadata["network"] = "wespeaker-resnet34";
        converted.Writer.Metadata["licence"] = "CC-BY-4.0";
        converted.Writer.Metadata["attribution"] =
            "WeSpeaker ResNet34-LM trained on VoxCeleb, © the WeSpeaker authors (Wang et al., ICASSP 2023), CC BY 4.0, https://creativecommons.org/licenses/by/4.0/";
        converted.Writer.Metadata["changes"] =
            "weights of layers 2 to 4 and of seg_1 rounded to 8 bits a tensor (moonshine-voice 0.1.0, MIT, Copyright (c) 2025 Moonshine AI); batch normalization folded in; stored as safetensors";
        foreach (string constant in converted.Graph.Constants.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string name = constant[prefix.Length..].Replace("shortcut.0.", "shortcut.", StringComparison.Ordinal);
            converted.Store(constant, name.EndsWith(folded, StringComparison.Ordinal) ? name[..^folded.Length] + ".bias" : name);
        }

        return converted;
    }

    private static IEnumerable<OnnxNode> Operators(OnnxGraph graph, string kind) => graph.Nodes.Where(node => node.Operator == kind);
}
