using LiteBox.South.Instructions;
using LiteBox.South.Processors;

namespace LiteBox.South.Exceptions;

/// <summary>Which of the kernel's instructions may fault, and where they go on when nobody resolves the fault.</summary>
internal static class FaultFixupTable
{
    /// <summary>False where an instruction may not raise an exception: then one is a defect of the kernel, or forged.</summary>
    internal static bool TryFind(ulong instruction, ulong vector, out ulong resume)
    {
        ref readonly StubAddresses stubs = ref ProcessorSetup.Stubs;
        for (int index = 0; index < FaultFixups.Count; index++)
        {
            if (stubs.Fixups[index].Covers(instruction, vector))
            {
                resume = stubs.Fixups[index].Resume;
                return true;
            }
        }

        resume = 0;
        return false;
    }
}
