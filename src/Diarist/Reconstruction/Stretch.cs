namespace Diarist.Reconstruction;

/// <summary>A run of frames of one cluster, on its way to becoming a turn. A class, because sequences of structs are compiled at each start.</summary>
/// <param name="Cluster">Whose.</param>
/// <param name="Start">In seconds.</param>
/// <param name="End">In seconds.</param>
/// <param name="Agreement">The agreement of the windows, 0 to 255, summed over the frames.</param>
/// <param name="Frames">The number of frames.</param>
internal sealed record Stretch(int Cluster, double Start, double End, long Agreement, int Frames)
{
    /// <summary>Its length.</summary>
    public double Seconds => End - Start;
}
