using Diarist.Community1;
using Diarist.Inference;
using Diarist.Numerics;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Community1;

public class PldaTests
{
    private static string Folder => InsideNetworks.PathOf("pyannote-community-1-plda");

    [Fact]
    public void In_the_transformed_space_the_covariances_are_the_identity_and_phi()
    {
        // With tr and ψ as trained, tr·W·trᵀ = I and tr·B·trᵀ = diag(ψ); the new basis must do the same, sorted.
        Plda plda = Load();
        Assert.Equal(256, plda.InputDimension);
        Assert.Equal(128, plda.Dimension);
        Assert.Equal(plda.Phi.OrderDescending(), plda.Phi);
        double[] psi = Npz.Read(Path.Combine(Folder, "plda.npz"))["psi"].ToDoubles();
        foreach ((double expected, double actual) in psi.OrderDescending().Zip(plda.Phi))
        {
            Assert.Equal(expected, actual, 1e-9 * psi.Max());
        }
    }

    [Fact]
    public void The_basis_is_that_of_the_generalized_eigenproblem_up_to_signs()
    {
        Plda plda = Load();
        Npz file = Npz.Read(Path.Combine(Folder, "plda.npz"));
        (double[] tr, double[] psi) = (file["tr"].ToDoubles(), file["psi"].ToDoubles());
        double[] transposed = SymmetricEigenproblem.Transpose(tr, 128);
        double[] scaled = [.. transposed.Select((value, index) => value / psi[index % 128])];
        (double[] values, double[] vectors) = SymmetricEigenproblem.SolveGeneralized(
            SymmetricEigenproblem.Inverse(SymmetricEigenproblem.Multiply(scaled, tr, 128), 128),
            SymmetricEigenproblem.Inverse(SymmetricEigenproblem.Multiply(transposed, tr, 128), 128), 128);
        double largest = vectors.Max(Math.Abs);
        for (int axis = 0; axis < 128; axis++)
        {
            Assert.Equal(values[axis], plda.Phi[axis], 1e-9 * values[0]);
            ReadOnlySpan<double> solved = vectors.AsSpan(axis * 128, 128), stored = plda.Axis(axis);
            double sign = Math.Sign(VectorMath.Dot(solved, stored));
            for (int i = 0; i < 128; i++)
            {
                Assert.Equal(solved[i], sign * stored[i], 1e-8 * largest);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_variance_that_is_not_positive_is_refused(double variance) =>
        Assert.Throws<ArgumentException>(() => new Plda([0, 0], [1, 0, 0, 1], [0, 0], [0, 0], [1, 0, 0, 1], [1, variance]));

    [Fact]
    public void Lengths_are_normalized()
    {
        PointSet normalized = Load().NormalizeLength(RandomPoints.Unit(1, 5, 256));
        for (int index = 0; index < 5; index++)
        {
            Assert.Equal(Math.Sqrt(128), VectorMath.Norm(normalized[index]), 1e-12);
        }
    }

    [Fact]
    public void Embeddings_of_another_network_are_refused() =>
        Assert.Throws<ArgumentException>(() => Load().Transform(RandomPoints.Unit(1, 2, 64)));

    [Fact]
    public void The_wrong_files_are_named()
    {
        string transform = Path.Combine(Folder, "xvec_transform.npz");
        string plda = Path.Combine(Folder, "plda.npz");
        Assert.Contains("mean1", Assert.Throws<PackException>(() => Plda.Load(plda, transform)).Message);
        Assert.Contains("absent.npz", Assert.Throws<PackException>(() => Plda.Load("absent.npz", plda)).Message);
    }

    private static Plda Load() => Plda.Load(Path.Combine(Folder, "xvec_transform.npz"), Path.Combine(Folder, "plda.npz"));
}
