using System.Runtime.Intrinsics;

namespace Diarist.Inference.Kernels;

/// <summary>Turns a Q8_0 panel into panels of the float32 product: value = scale · byte, rounded once, as the file's format defines it.</summary>
internal static unsafe class Q8Widening
{
    /// <summary>Widens 32 columns.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="width">Columns of a float panel: 2, 8, 16 or 32.</param>
    /// <param name="target">Receives 32 / width panels of shape (32 · blocks, width).</param>
    public static void Fill(in Q8Panel panel, int width, float* target)
    {
        nint panelLength = (nint)panel.Blocks * GgufTensor.BlockValues * width;
        for (int block = 0; block < panel.Blocks; block++)
        {
            float* scales = panel.Scales + (block * Q8Panel.Columns);
            for (int group = 0; group < Q8Panel.Groups; group++)
            {
                byte* bytes = panel.Weights + ((nint)block * Q8Panel.BlockBytes) + (group * Q8Panel.GroupBytes);
                nint k = ((nint)block * GgufTensor.BlockValues) + (4 * group);
                for (int column = 0; column < Q8Panel.Columns; column += 8)
                {
                    if (Vector256.IsHardwareAccelerated && width >= 8)
                    {
                        Eight(bytes + (4 * column), scales + column, target + (column / width * panelLength) + (k * width) + (column % width), width);
                    }
                    else
                    {
                        for (int i = column; i < column + 8; i++)
                        {
                            float* first = target + (i / width * panelLength) + (k * width) + (i % width);
                            for (int j = 0; j < 4; j++)
                            {
                                first[j * width] = scales[i] * (sbyte)bytes[(4 * i) + j];
                            }
                        }
                    }
                }
            }
        }
    }

    private static void Eight(byte* bytes, float* scales, float* target, int width)
    {
        Vector256<int> packed = Vector256.Load((int*)bytes);
        Vector256<float> scale = Vector256.Load(scales);
        (Vector256.ConvertToSingle((packed << 24) >> 24) * scale).Store(target);
        (Vector256.ConvertToSingle((packed << 16) >> 24) * scale).Store(target + width);
        (Vector256.ConvertToSingle((packed << 8) >> 24) * scale).Store(target + (2 * width));
        (Vector256.ConvertToSingle(packed >> 24) * scale).Store(target + (3 * width));
    }
}
