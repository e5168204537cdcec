using System.Security.Cryptography;
using LiteBox.Attestation;

namespace LiteBox.TestRoot;

/// <summary>
/// Writes, for each product, ark, ask and asvk with their keys, a VCEK and a VLEK with theirs, and a revocation list that revokes
/// nothing. What is there already stays, so a committed root is never replaced by accident. With a second folder, also the evidence that
/// the examples of the help verify.
/// Usage: dotnet run --project tools/TestRoot FOLDER [EVIDENCE]
/// </summary>
internal static class Program
{
    private static readonly DateTimeOffset ListStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static int Main(string[] arguments)
    {
        if (arguments is not [var folder, .. { Length: <= 1 } evidence])
        {
            Console.Error.WriteLine("usage: dotnet run --project tools/TestRoot FOLDER [EVIDENCE]");
            return 2;
        }

        foreach (var product in SnpProducts.All)
        {
            Write(product, Path.Combine(folder, product.Name().ToLowerInvariant()));
        }

        foreach (var target in evidence)
        {
            ExampleEvidence.Write(Path.Combine(folder, "milan"), target);
            Console.WriteLine($"{target}: written");
        }

        return 0;
    }

    private static void Write(SnpProduct product, string folder)
    {
        if (File.Exists(Path.Combine(folder, "ark.der")))
        {
            Console.WriteLine($"{folder}: is there, stays");
            return;
        }

        using var authority = TestAuthority.Generate(product);
        authority.Save(folder);
        using var vcek = SaveKey(folder, "vcek");
        using var vlek = SaveKey(folder, "vlek");
        File.WriteAllBytes(Path.Combine(folder, "vcek.der"),
            authority.IssueVcek(vcek, TestMachine.Tcb(product), TestMachine.ChipId(product)));
        File.WriteAllBytes(Path.Combine(folder, "vlek.der"), authority.IssueVlek(vlek, TestMachine.Tcb(product), TestMachine.Provider));
        File.WriteAllBytes(Path.Combine(folder, "crl.der"), authority.IssueRevocationList(1, ListStart, ListStart.AddYears(1)));
        Console.WriteLine($"{folder}: written");
    }

    private static ECDsa SaveKey(string folder, string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(Path.Combine(folder, $"{name}.key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
        return key;
    }
}
