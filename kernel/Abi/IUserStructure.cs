namespace LiteBox.Abi;

/// <summary>
/// Marks a structure of the Linux ABI that may cross the user boundary as bytes: only fixed-size integers, all padding spelled out as
/// fields, so that every bit pattern is a value and no byte of the kernel's leaks (tests/Abi checks each implementer).
/// </summary>
public interface IUserStructure
{
}
