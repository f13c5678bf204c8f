namespace Diarist.Inference;

/// <summary>The attribute of a node; which of the values are set depends on what the operator wants.</summary>
internal sealed class OnnxAttribute
{
    public long? Integer { get; set; }

    public float? Single { get; set; }

    public string? Text { get; set; }

    public List<long> Integers { get; } = [];

    public List<float> Singles { get; } = [];

    /// <summary>The sub-graph of a control-flow operator.</summary>
    public OnnxGraph? Graph { get; set; }
}

/// <summary>One operator of a graph.</summary>
internal sealed class OnnxNode
{
    public string Name { get; set; } = "";

    /// <summary>The operator, for instance <c>Conv</c>.</summary>
    public string Operator { get; set; } = "";

    /// <summary>The names of the values that it takes; empty where an optional one is left out.</summary>
    public List<string> Inputs { get; } = [];

    /// <summary>The names of the values that it makes.</summary>
    public List<string> Outputs { get; } = [];

    public Dictionary<string, OnnxAttribute> Attributes { get; } = [];

    /// <summary>An integer attribute, or what the operator takes when it is left out.</summary>
    public long Integer(string name, long otherwise) => Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Integer ?? otherwise : otherwise;

    /// <summary>A float attribute, or what the operator takes when it is left out.</summary>
    public float Single(string name, float otherwise) => Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Single ?? otherwise : otherwise;

    /// <summary>A text attribute, or what the operator takes when it is left out.</summary>
    public string Text(string name, string otherwise) => Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Text ?? otherwise : otherwise;

    /// <summary>An attribute of several integers; empty when it is left out.</summary>
    public IReadOnlyList<long> Integers(string name) => Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Integers : [];
}

/// <summary>A value that enters or leaves a graph; −1 in the shape stands for an extent that is free.</summary>
internal sealed record OnnxValue(string Name, long[] Shape);

/// <summary>A graph of operators with its constants.</summary>
internal sealed class OnnxGraph(Weights constants)
{
    private ILookup<string, OnnxNode>? _consumers;

    /// <summary>The operators, in an order in which they can run.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>The initializers and the outputs of <c>Constant</c> nodes, with the metadata of the file.</summary>
    public Weights Constants { get; } = constants;

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>The operators that take a value, in the order of the graph.</summary>
    public IEnumerable<OnnxNode> Consumers(string value)
    {
        _consumers ??= Nodes.SelectMany(node => node.Inputs.Distinct(), (node, input) => (node, input)).ToLookup(use => use.input, use => use.node);
        return _consumers[value];
    }
}
