using System;
using System.IO;
using LiteBox.SymbolTable;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: SymbolTable KERNEL.ELF OUTPUT");
    return 2;
}

File.WriteAllBytes(args[1], SymbolTableWriter.Write(ElfFunctions.Read(File.ReadAllBytes(args[0]))));
return 0;
