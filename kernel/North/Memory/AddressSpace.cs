using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>The memory of one process: which addresses mean what, over the page table that the processor sees.</summary>
internal sealed partial class AddressSpace
{
}
