namespace Diarist.Inference.Kernels;

/// <summary>A number that the compiler of a kernel sees as a constant.</summary>
internal interface ICount
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

/// <summary>1.</summary>
internal readonly struct N1 : ICount
{
    public static int Value => 1;
}

/// <summary>2.</summary>
internal readonly struct N2 : ICount
{
    public static int Value => 2;
}

/// <summary>3.</summary>
internal readonly struct N3 : ICount
{
    public static int Value => 3;
}

/// <summary>4.</summary>
internal readonly struct N4 : ICount
{
    public static int Value => 4;
}

/// <summary>5.</summary>
internal readonly struct N5 : ICount
{
    public static int Value => 5;
}

/// <summary>6.</summary>
internal readonly struct N6 : ICount
{
    public static int Value => 6;
}

/// <summary>7.</summary>
internal readonly struct N7 : ICount
{
    public static int Value => 7;
}

/// <summary>8.</summary>
internal readonly struct N8 : ICount
{
    public static int Value => 8;
}

/// <summary>9.</summary>
internal readonly struct N9 : ICount
{
    public static int Value => 9;
}

/// <summary>10.</summary>
internal readonly struct N10 : ICount
{
    public static int Value => 10;
}

/// <summary>11.</summary>
internal readonly struct N11 : ICount
{
    public static int Value => 11;
}

/// <summary>12.</summary>
internal readonly struct N12 : ICount
{
    public static int Value => 12;
}
