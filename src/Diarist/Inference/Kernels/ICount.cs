using System.Runtime.InteropServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A number that the compiler of a kernel sees as a constant: the size of the structure. The compiler knows a size when it reads the code,
/// so it does not even read what another number needs; the value of a property it would know only after it had read all of it, and a tile of one row
/// would take as long to compile as one of twelve.
/// </summary>
internal interface ICount;

/// <summary>1.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct N1 : ICount;

/// <summary>2.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct N2 : ICount;

/// <summary>3.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct N3 : ICount;

/// <summary>4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct N4 : ICount;

/// <summary>5.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct N5 : ICount;

/// <summary>6.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct N6 : ICount;

/// <summary>7.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct N7 : ICount;

/// <summary>8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct N8 : ICount;

/// <summary>9.</summary>
[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct N9 : ICount;

/// <summary>10.</summary>
[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct N10 : ICount;

/// <summary>11.</summary>
[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct N11 : ICount;

/// <summary>12.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct N12 : ICount;
