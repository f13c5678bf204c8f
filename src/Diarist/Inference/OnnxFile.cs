namespace Diarist.Inference;

/// <summary>
/// Reads an ONNX model: as much of its protobuf schema (onnx.proto3) as it takes to walk a graph and to fetch its
/// constants, stored in the file or beside it. Field numbers below are those of the schema.
/// </summary>
internal static class OnnxFile
{
    /// <summary>How deep sub-graphs of control-flow operators may nest.</summary>
    private const int MaximumDepth = 8;

    /// <summary>Reads the graph of a file with its constants.</summary>
    /// <exception cref="PackException">A file is missing, truncated or breaks the format.</exception>
    public static OnnxGraph Read(string path)
    {
        byte[] bytes = WeightsFile.ReadAllBytes(path);
        var tensors = new OnnxTensorReader(path);
        OnnxGraph? graph = null;
        var metadata = new Dictionary<string, string>();
        var model = new ProtobufReader(bytes, path, 0);
        while (model.Next(out int field))
        {
            switch (field)
            {
                case 7:
                    graph = ReadGraph(model.Message(), tensors, depth: 0);
                    break;
                case 14:
                    (string key, string value) = OnnxTensorReader.ReadPair(model.Message());
                    metadata[key] = value;
                    break;
                default:
                    model.Skip();
                    break;
            }
        }

        if (graph is null || graph.Nodes.Count == 0)
        {
            throw new PackException($"{path}: holds no ONNX graph; the file is truncated or of another kind");
        }

        foreach ((string key, string value) in metadata)
        {
            graph.Constants.Metadata[key] = value;
        }

        return graph;
    }

    private static OnnxGraph ReadGraph(ProtobufReader reader, OnnxTensorReader tensors, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new PackException($"{tensors.Path}: sub-graphs nest deeper than {MaximumDepth}; the ONNX file is damaged");
        }

        var graph = new OnnxGraph(new Weights(tensors.Path));
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    graph.Nodes.Add(ReadNode(reader.Message(), graph.Constants, tensors, depth));
                    break;
                case 5:
                    tensors.Read(reader.Message(), graph.Constants);
                    break;
                case 11:
                    graph.Inputs.Add(ReadValue(reader.Message()));
                    break;
                case 12:
                    graph.Outputs.Add(ReadValue(reader.Message()));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return graph;
    }

    private static OnnxNode ReadNode(ProtobufReader reader, Weights constants, OnnxTensorReader tensors, int depth)
    {
        // A Constant's tensor is kept under the name of its output, which may come after the attribute.
        ProtobufReader names = reader;
        var node = new OnnxNode();
        while (names.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    node.Inputs.Add(names.Text());
                    break;
                case 2:
                    node.Outputs.Add(names.Text());
                    break;
                case 3:
                    node.Name = names.Text();
                    break;
                case 4:
                    node.Operator = names.Text();
                    break;
                default:
                    names.Skip();
                    break;
            }
        }

        string? constant = node.Operator == "Constant" && node.Outputs.Count == 1 ? node.Outputs[0] : null;
        while (reader.Next(out int field))
        {
            if (field == 5)
            {
                (string name, OnnxAttribute attribute) = ReadAttribute(reader.Message(), constant, constants, tensors, depth);
                node.Attributes[name] = attribute;
            }
            else
            {
                reader.Skip();
            }
        }

        return node;
    }

    private static (string Name, OnnxAttribute Attribute) ReadAttribute(
        ProtobufReader reader, string? constant, Weights constants, OnnxTensorReader tensors, int depth)
    {
        string name = "";
        var attribute = new OnnxAttribute();
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    attribute.Single = reader.Single();
                    break;
                case 3:
                    attribute.Integer = reader.Integer();
                    break;
                case 4:
                    attribute.Text = reader.Text();
                    break;
                case 5 when constant is not null:
                    tensors.Read(reader.Message(), constants, constant);
                    break;
                case 6:
                    attribute.Graph = ReadGraph(reader.Message(), tensors, depth + 1);
                    break;
                case 7:
                    reader.Singles(attribute.Singles);
                    break;
                case 8:
                    reader.Integers(attribute.Integers);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (constant is not null)
        {
            OnnxTensorReader.KeepConstant(constants, constant, name, attribute);
        }

        return (name, attribute);
    }

    private static OnnxValue ReadValue(ProtobufReader reader)
    {
        string name = "";
        var shape = new List<long>();
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    ReadShape(reader.Message(), [1, 2, 1], shape);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxValue(name, [.. shape]);
    }

    /// <summary>Follows <paramref name="path"/> (tensor type, its shape, its dimensions) down to the extents.</summary>
    private static void ReadShape(ProtobufReader reader, ReadOnlySpan<int> path, List<long> shape)
    {
        if (path.IsEmpty)
        {
            shape.Add(-1);
        }

        while (reader.Next(out int field))
        {
            if (path.IsEmpty && field == 1)
            {
                shape[^1] = reader.Integer();
            }
            else if (!path.IsEmpty && field == path[0])
            {
                ReadShape(reader.Message(), path[1..], shape);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
