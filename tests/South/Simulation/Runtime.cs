using System;

namespace LiteBox.Runtime
{
    /// <summary>The runtime's end of the road: a test sees an exception.</summary>
    internal static unsafe class FailFast
    {
        public static void SetHook(delegate*<string, string?, void> hook)
        {
        }
    }
}

namespace System.Runtime
{
    /// <summary>Names a method for the linker; means nothing here.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class RuntimeExportAttribute(string entry) : Attribute
    {
        public string Entry => entry;
    }

    /// <summary>Names a symbol of the kernel's stubs; here, nobody calls it.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class RuntimeImportAttribute(string entry) : Attribute
    {
        public string Entry => entry;
    }
}
