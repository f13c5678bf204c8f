namespace Diarist.Networks.Nemotron3;

/// <summary>How far the probabilities of a file in Q8_0 move when its weights are multiplied as integers and not widened to float32.</summary>
/// <param name="Values">Probabilities that were compared.</param>
/// <param name="Mean">The mean difference.</param>
/// <param name="Largest">The largest difference.</param>
internal readonly record struct ArithmeticCheck(int Values, double Mean, double Largest)
{
    /// <summary>The mean difference up to which the integers are taken to compute the same network. It is meant for trained weights.</summary>
    public const double Bound = 0.02;

    /// <summary>A whole step of the offline profile and the rest of the recording.</summary>
    private const int Samples = 35 * 16000;

    /// <summary>Whether the mean is within the bound.</summary>
    public bool Holds => Mean <= Bound;

    /// <summary>Labels the same generated speech both ways.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="PackException">The file cannot be read, is damaged, or holds another network.</exception>
    public static ArithmeticCheck Of(string path, CancellationToken cancellationToken)
    {
        float[] samples = KnownSignal.Speech(Samples);
        List<float> widened = Label(path, Q8Arithmetic.Widened, samples, cancellationToken), integers = Label(path, Q8Arithmetic.Integer, samples, cancellationToken);
        double sum = 0, largest = 0;
        for (int i = 0; i < widened.Count; i++)
        {
            double difference = Math.Abs(widened[i] - integers[i]);
            sum += difference;
            largest = Math.Max(largest, difference);
        }

        return new ArithmeticCheck(widened.Count, sum / widened.Count, largest);
    }

    private static List<float> Label(string path, Q8Arithmetic arithmetic, float[] samples, CancellationToken cancellationToken)
    {
        var network = Nemotron3Network.Load(path, Environment.ProcessorCount, arithmetic);
        Nemotron3State state = network.Begin(Nemotron3Profile.Offline);
        List<float> probabilities = [];
        network.Push(state, samples, rows => probabilities.AddRange(rows.Probabilities), cancellationToken: cancellationToken);
        network.Finish(state, rows => probabilities.AddRange(rows.Probabilities), cancellationToken);
        return probabilities;
    }
}
