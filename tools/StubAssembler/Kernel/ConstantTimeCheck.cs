using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using LiteBox.SymbolTable;

namespace LiteBox.Stubs.Kernel;

/// <summary>
/// Holds the compiled cipher of a linked kernel against hardening rule T73: where it calculates with secrets, no address depends on a register that is not a
/// plain pointer, and no instruction's time depends on its operands. That no secret decides a branch is counted elsewhere (tests/Conformance).
/// </summary>
public static class ConstantTimeCheck
{
    /// <summary>They walk through keys and data by counters.</summary>
    private static readonly string[] Walkers = ["Aes256__SetKey", "Aes256__AddRoundKey", "Aes256Gcm__ApplyKeyStream", "Aes256Gcm__Absorb"];

    /// <summary>What breaks the rule, one line each; empty where nothing does.</summary>
    /// <param name="file">A linked ELF file with its symbol table.</param>
    public static IReadOnlyList<string> Problems(byte[] file) => CodeSearch.Find(file, ProblemsIn);

    private static IEnumerable<string> ProblemsIn(Function function, byte[] code)
    {
        bool isCipher = function.Name.Contains("Cryptography_Aes256", StringComparison.Ordinal) && !Walkers.Any(name => function.Name.EndsWith(name, StringComparison.Ordinal));
        Decoder decoder = Decoder.Create(64, code, function.Address);
        while (isCipher && decoder.IP < function.Address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            bool isIndexed = instruction.MemoryIndex != Register.None && instruction.Mnemonic is not (Mnemonic.Lea or Mnemonic.Nop);
            if (isIndexed || instruction.Mnemonic is Mnemonic.Div or Mnemonic.Idiv)
            {
                yield return $"{function.Name}+{instruction.IP - function.Address}: {instruction}";
            }
        }
    }
}
