namespace LiteBox.Attestation;

/// <summary>The machines that the committed test root certifies: fixed chip ids and TCBs, so that signers and tests agree.</summary>
public static class TestMachine
{
    /// <summary>CSP_ID of the test VLEKs.</summary>
    public const string Provider = "CN=test.invalid";

    /// <summary>The TCB of the test machine of a product.</summary>
    public static TcbComponents Tcb(SnpProduct product) => product switch
    {
        SnpProduct.Milan => new(null, 4, 0, 24, 219),
        SnpProduct.Genoa => new(null, 10, 0, 23, 84),
        _ => new(1, 1, 1, 4, 81),
    };

    /// <summary>The processor of the test machine of a product.</summary>
    public static CpuIdentity Cpu(SnpProduct product) => product switch
    {
        SnpProduct.Milan => new(0x19, 0x01, 0x01),
        SnpProduct.Genoa => new(0x19, 0x11, 0x01),
        _ => new(0x1A, 0x02, 0x01),
    };

    /// <summary>The chip id of the test machine of a product: 64 bytes, 8 on Turin, counting up from the product's number.</summary>
    public static byte[] ChipId(SnpProduct product) => [.. Enumerable.Range(0, product.ChipIdLength()).Select(index =>
        (byte)(0x10 + ((int)product * 0x40) + index))];
}
